/** The Taiga plugin. Not written yet. */
console.info(new URL(__CRM_ENTRY__, (document.currentScript as HTMLScriptElement).src).href);
