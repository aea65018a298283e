/** Names that the build bakes into the shells. */

/** URL of the app's hashed entry; relative to the plugin's own URL in the Taiga build. */
declare const __CRM_ENTRY__: string;

/** The same for the entry with the small panels that Taiga's own pages show. */
declare const __CRM_PANELS__: string;
