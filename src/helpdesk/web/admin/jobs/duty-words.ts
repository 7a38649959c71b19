/** What the regular work of a helpdesk is for operators, by its name. */
const DUTY_WORDS: ReadonlyMap<string, string> = new Map([
	["trim-mail", "Delete old e-mails"],
	["clear-uploads", "Delete uploads that were given up"],
	["erase-sign-ins", "Erase the sign-ins of deleted users"],
	["index-sign-ins", "Make old sign-ins findable"],
	["refresh-links", "Update what is linked to users"],
	["keep-audit-trail", "Delete old entries of the audit trail"],
	["watch-log-ins", "Watch log-ins, and send alerts"],
	["count-people", "Count users"],
	["index-people", "Make users findable"],
	["expire-accounts", "Delete unused accounts"],
]);

/** @param name of a duty. */
export function dutyWords(name: string): string {
	return DUTY_WORDS.get(name) ?? name;
}
