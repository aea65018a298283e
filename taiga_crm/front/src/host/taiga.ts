/** The plugin Taiga loads at boot: hooks for pages, menus, tickets and settings; the app itself comes when needed. */
import './taiga/module';
import './taiga/menu';
import './taiga/ticket';
import './taiga/modules';
import { addAdminPage } from './taiga/admin';
import { guarded } from './taiga/hooks';
import { watchAddress } from './taiga/host';
import { crm, type Injector } from './taiga/module';
import { addRoutes } from './taiga/routes';
import { useInjector } from './taiga/services';
import { addStyle } from './taiga/style';
import { patchTopBar } from './taiga/topbar';

const start = guarded('start', (injector: Injector) => {
  useInjector(injector);
  addRoutes();
  patchTopBar();
  addAdminPage();
  watchAddress();
  addStyle();
});

// In this order: routes and templates must be there before Taiga compiles its first page.
crm.run(['$injector', start]);
