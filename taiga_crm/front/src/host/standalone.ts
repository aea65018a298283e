/** The standalone shell. Not written yet. */
void import(/* @vite-ignore */ __CRM_ENTRY__);
