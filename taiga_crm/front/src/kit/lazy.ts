/** A component that comes in a file of its own, when it is needed; where the file does not come, it says so. */
import { type AsyncComponentLoader, type Component, defineAsyncComponent } from 'vue';
import KLost from './KLost.vue';

export function lazy<C extends Component>(loader: AsyncComponentLoader<C>): C {
  return defineAsyncComponent<C>({ loader, errorComponent: KLost });
}
