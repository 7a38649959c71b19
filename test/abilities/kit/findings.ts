/** Something that a measure finds, and that is right all the same. */
interface Allowed {
	/** The name of the page. */
	readonly page: string;
	/** A part of the finding. */
	readonly finding: string;
	readonly reason: string;
}

/** Each line has its reason. */
const ALLOWED: readonly Allowed[] = [
	...[
		"admin.profile",
		"admin.profile.with-second-factor",
		"admin.settings.users.registration",
		"admin.settings.general.alerts",
	].map((page) => ({
		page,
		finding: "a problem that is not announced",
		reason:
			"The page says what state something is in. It answers no form, so there is nothing new to announce.",
	})),
	{
		page: "admin.settings.general.integrations.x-login",
		finding: "spaced: overlap: svg > text",
		reason: "The drawings are pictures of X's console. A description says what they show.",
	},
];

/** The rules of axe that cannot decide everywhere, and what decides in their place. */
const DECIDED_BY_OURS: ReadonlyMap<string, string> = new Map([
	["color-contrast", "weakTexts computes the contrast of every text"],
	["target-size", "smallTargets measures every target"],
	["th-has-data-cells", "a table without a row yet has only its head"],
]);

/** The findings about a page that are neither allowed nor decided otherwise. */
export function faultsOf(page: string, findings: readonly string[]): readonly string[] {
	return findings
		.filter((finding) => !isDecided(finding) && !isAllowed(page, finding))
		.map((finding) => `${page}: ${finding}`);
}

function isDecided(finding: string): boolean {
	const [, rule = ""] = /^undecided ([\w-]+):/.exec(finding) ?? [];
	return DECIDED_BY_OURS.has(rule);
}

function isAllowed(page: string, finding: string): boolean {
	return ALLOWED.some((each) => page === each.page && finding.includes(each.finding));
}
