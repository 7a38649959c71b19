/** A text that is right although it is the English one. */
interface SameText {
	readonly text: string;
	/** BCP 47; undefined for all. */
	readonly languages?: readonly string[];
	readonly why: string;
}

const SAME: readonly SameText[] = [
	{ text: "Account", languages: ["nl"], why: "The same word." },
	{ text: "Actions", languages: ["fr"], why: "The same word." },
	{ text: "Active", languages: ["fr"], why: "The same word." },
	{ text: "Add-on", languages: ["de", "nl"], why: "The same word." },
	{ text: "Add-on {id}", languages: ["de", "nl"], why: "The same word." },
	{ text: "Add-ons", languages: ["de", "nl"], why: "The same word." },
	{ text: "Administrator", languages: ["da", "nb", "pl", "sr"], why: "The same word." },
	{ text: "API token", languages: ["sr"], why: "The name that people use for it." },
	{ text: "Brand", languages: ["da"], why: "The same word." },
	{ text: "Brand ID", languages: ["nl"], why: "The same word." },
	{ text: "Brand {id}", languages: ["da"], why: "The same word." },
	{ text: "Brands", languages: ["da"], why: "The same word." },
	{ text: "Client ID", why: "X shows its console in English in every country." },
	{ text: "Client Secret", why: "X shows its console in English in every country." },
	{ text: "Code", languages: ["de", "fr", "nl"], why: "The same word." },
	{ text: "Download", languages: ["da"], why: "The same word." },
	{
		text: "E-mail",
		languages: ["cs", "da", "fr", "nl", "pl", "pt", "pt-BR"],
		why: "The same word.",
	},
	{
		text: "E-mail {id}",
		languages: ["cs", "da", "fr", "nl", "pl", "pt", "pt-BR"],
		why: "The same word.",
	},
	{ text: "Export", languages: ["cs", "de", "nl", "sv"], why: "The same word." },
	{
		text: "Helpdesk",
		languages: ["cs", "da", "de", "nb", "nl", "pl", "sr", "sv"],
		why: "The same word.",
	},
	{ text: "Host", languages: ["de", "es", "nl", "pl", "pt-BR", "sr"], why: "The same word." },
	{ text: "Id", languages: ["da", "nl", "sv"], why: "The same word." },
	{
		text: "ID token",
		languages: ["da", "nb", "sr", "sv", "tr"],
		why: "The name of a token in OpenID Connect.",
	},
	{ text: "Import", languages: ["cs", "da", "de", "nb", "nl", "pl", "sv"], why: "The same word." },
	{ text: "Integration", languages: ["da", "de", "sv"], why: "The same word." },
	{ text: "Job", languages: ["da"], why: "The same word." },
	{ text: "Job {id}", languages: ["da"], why: "The same word." },
	{ text: "Licence", languages: ["cs", "fr"], why: "The same word." },
	{
		text: "Logo",
		languages: ["cs", "da", "de", "fr", "nb", "nl", "pl", "tr"],
		why: "The same word.",
	},
	{ text: "Marketplace", languages: ["es", "fr", "nl", "pt", "pt-BR"], why: "The same word." },
	{ text: "Menu", languages: ["da", "fr", "nl", "pl", "pt", "pt-BR"], why: "The same word." },
	{ text: "Name", languages: ["de"], why: "The same word." },
	{ text: "No", languages: ["es"], why: "The same word." },
	{ text: "Node", languages: ["da", "nb", "nl"], why: "The same word." },
	{ text: "OAuth 1.0a", why: "The name of a protocol." },
	{ text: "OAuth 2.0", why: "The name of a protocol." },
	{
		text: "OK",
		languages: ["da", "de", "fr", "nb", "nl", "pt", "pt-BR", "sv"],
		why: "The same word.",
	},
	{ text: "Open", languages: ["nl"], why: "The same word." },
	{ text: "Operator {id}", languages: ["nl", "pl"], why: "The same word." },
	{ text: "Operators", languages: ["nl"], why: "The same word." },
	{ text: "over {from} min", languages: ["da", "nb"], why: "Units are written like this." },
	{ text: "Pages", languages: ["fr"], why: "The same word." },
	{ text: "Passkey", languages: ["de", "nl"], why: "The name that systems show in the language." },
	{ text: "passkey", languages: ["nl"], why: "The name that systems show in the language." },
	{ text: "Passkeys", languages: ["de", "nl"], why: "The name that systems show in the language." },
	{ text: "Period", languages: ["sr", "sv"], why: "The same word." },
	{
		text: "Port",
		languages: ["cs", "da", "de", "fr", "nb", "pl", "sr", "sv"],
		why: "The same word.",
	},
	{ text: "Problem", languages: ["da", "de", "nb", "pl", "sr", "sv"], why: "The same word." },
	{ text: "Protocol", languages: ["nl"], why: "The same word." },
	{ text: "Role", languages: ["cs"], why: "The same word." },
	{ text: "Roles", languages: ["es"], why: "The same word." },
	{ text: "Sessions", languages: ["fr"], why: "The same word." },
	{ text: "SHA-256", why: "The name of a hash." },
	{ text: "Signature", languages: ["fr"], why: "The same word." },
	{ text: "Simulator", languages: ["da", "de", "nb", "nl", "sr", "sv"], why: "The same word." },
	{ text: "Social Login", languages: ["de"], why: "The name that helpdesks show in the language." },
	{ text: "Status", languages: ["da", "de", "nb", "nl", "pt-BR", "sv"], why: "The same word." },
	{ text: "Support", languages: ["da", "de", "nb", "nl", "sv"], why: "The same word." },
	{ text: "System", languages: ["da", "de", "nb", "pl", "sv"], why: "The same word." },
	{
		text: "Test",
		languages: ["cs", "da", "de", "fr", "nb", "nl", "pl", "sr", "sv", "tr"],
		why: "The same word.",
	},
	{ text: "under {to} s", languages: ["da", "nb", "sv"], why: "Units are written like this." },
	{ text: "Update", languages: ["nl"], why: "The same word." },
	{ text: "Upload", languages: ["da"], why: "The same word." },
	{ text: "Userinfo", why: "The name of an answer in OpenID Connect." },
	{ text: "Webhook", why: "The word of the field in every language." },
	{ text: "{count}k", languages: ["da", "nb", "nl"], why: "Units are written like this." },
	{
		text: "{done, plural, one {# account} other {# accounts}}",
		languages: ["nl"],
		why: "The same word.",
	},
	{
		text: "{done, plural, one {# e-mail} other {# e-mails}}",
		languages: ["da", "fr", "nl", "pt", "pt-BR"],
		why: "The same word.",
	},
	{
		text: "{minutes, plural, one {# minute} other {# minutes}}",
		languages: ["fr"],
		why: "The same word.",
	},
	{
		text: "{minutes} min {seconds} s",
		languages: ["cs", "da", "de", "es", "fr", "nb", "nl", "pl", "pt", "pt-BR", "sr", "sv"],
		why: "Units are written like this.",
	},
	{ text: "{name}: brands", languages: ["da"], why: "The same word." },
	{ text: "{name}: simulator", languages: ["da", "nb", "nl", "sr", "sv"], why: "The same word." },
	{
		text: "{seconds} s",
		languages: ["cs", "da", "de", "es", "fr", "nb", "nl", "pl", "pt", "pt-BR", "sr", "sv"],
		why: "Units are written like this.",
	},
	{ text: "email address from users", why: "Words of a switch in the console of X." },
];

/** Whether people who read a language write a text as it is in English. @param tag BCP 47. */
export function isSameInEnglish(tag: string, text: string): boolean {
	return SAME.some((same) => same.text === text && (same.languages ?? [tag]).includes(tag));
}
