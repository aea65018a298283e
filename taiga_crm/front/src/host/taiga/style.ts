/** The few rules that must be in the document, outside our shadow roots. */
const RULES = `
taiga-crm:focus,taiga-crm-ticket:focus,taiga-crm-access:focus{outline:0}
.crm-view{flex:1;min-width:0;min-height:calc(100vh - 40px)}
.crm-top-link[hidden],.crm-ticket-section[hidden],.crm-ticket-section:empty{display:none}
.navbar .crm-top-link{margin-left:.25rem;padding:.35rem .5rem;border-radius:4px;font:.875rem Ubuntu-Medium}
.crm-ticket-section:has(taiga-crm-ticket[hidden]){display:none}
.navbar .crm-top-link:hover,.navbar .crm-top-link.active{background:#fff}
.module-crm .module-icon svg{width:3rem;height:3rem;padding:.2rem;fill:#70728f}
.module-crm.active .module-icon svg{fill:#434c5e}
.crm-health{margin-top:2rem;font-size:.875rem;color:#4c566a}
.crm-health summary{display:list-item;list-style:disclosure-closed inside;cursor:pointer}
.crm-health[open] summary{list-style-type:disclosure-open}
`;

export function addStyle(): void {
  const style = document.createElement('style');
  style.textContent = RULES;
  document.head.append(style);
}
