import type { Locale, TextKey } from "../../../locale/locale.ts";

/** What the regular work of a helpdesk is for operators, by its name. */
const DUTY_WORDS: ReadonlyMap<string, TextKey> = new Map<string, TextKey>(
	(
		[
			"trim-mail",
			"clear-uploads",
			"erase-sign-ins",
			"index-sign-ins",
			"refresh-links",
			"keep-audit-trail",
			"watch-log-ins",
			"count-people",
			"index-people",
			"expire-accounts",
		] as const
	).map((name) => [name, `jobs.duty.${name}`]),
);

/** @param name of a duty. */
export function dutyWords(name: string, { text }: Locale): string {
	const key = DUTY_WORDS.get(name);
	return key === undefined ? name : text(key);
}
