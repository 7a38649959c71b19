import { expect } from "vitest";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { formsIn } from "../../../src/testing/forms-in.ts";
import { ANSWERS, ASKED_DEEDS, ask } from "../../kit/deeds/asked-deeds.ts";
import { OPERATORS_DEEDS } from "../../kit/deeds/operators-deeds.ts";
import { openWorld, type World } from "../../kit/deeds/world.ts";

/** A page of the administration that the walk does not lead to. */
interface Unlinked {
	readonly name: string;
	/** The markup by language. */
	readonly html: Readonly<Record<string, string>>;
}

/** What the administration asks before a deed that cannot be undone. @param languages BCP 47. */
export async function recordQuestions(languages: readonly string[]): Promise<readonly Unlinked[]> {
	const pages: Unlinked[] = [];
	for (const [name, deed] of Object.entries(ASKED_DEEDS)) {
		const world = await openWorld();
		const before = await deed.before?.(world);
		const html = await seenIn(languages, world, () => ask(world, deed, before));
		for (const each of Object.values(html)) {
			const fields = formsIn(each).flatMap(({ controls }) =>
				controls.map((control) => control.name),
			);
			expect(
				fields.some((field) => ANSWERS.includes(field)),
				name,
			).toBe(true);
		}
		pages.push({ name: `question.${name}`, html });
	}
	return pages;
}

/** The pages about a mail server that is set. @param languages BCP 47. */
export async function recordMailServer(languages: readonly string[]): Promise<readonly Unlinked[]> {
	const pages: Unlinked[] = [];
	const world = await openWorld(false);
	await OPERATORS_DEEDS["mail-server.change"].act(world);
	for (const path of ["server", "server/remove"]) {
		const address = `${world.url}/admin/mailbox/${path}`;
		const html = await seenIn(languages, world, () => world.operator.open(address));
		expect(world.operator.seen).toMatchObject({ status: 200, url: address });
		pages.push({ name: `mailbox.${path}`, html });
	}
	return pages;
}

/** What the operator sees in each language. */
async function seenIn(
	languages: readonly string[],
	{ operator }: World,
	look: () => Promise<unknown>,
): Promise<Unlinked["html"]> {
	const request = operator.request.bind(operator);
	const html: Record<string, string> = {};
	for (const language of languages) {
		operator.request = (url, init = {}) => {
			const headers = { ...Object.fromEntries(new Headers(init.headers)) };
			return request(url, { ...init, headers: { ...headers, "accept-language": language } });
		};
		await look();
		expect(operator.seen.html).toContain(`<html lang="${localeFor(undefined, language).tag}"`);
		html[language] = operator.seen.html;
	}
	operator.request = request;
	return html;
}
