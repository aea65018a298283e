/** Korean, and what its sentences need once names are filled in. */
import ko from './ko.json';

export { withParticles as finish } from './particles';
export default ko;
