import { ASKED_DEEDS, ask } from "../../kit/deeds/asked-deeds.ts";
import { OPERATORS_DEEDS } from "../../kit/deeds/operators-deeds.ts";
import { openWorld, type World } from "../../kit/deeds/world.ts";

/** A page of the administration that the walk does not lead to. */
interface Page {
	readonly name: string;
	/** The markup by language. */
	readonly html: Readonly<Record<string, string>>;
}

/**
 * What the administration asks before a deed that cannot be undone, and the pages about a mail server that is set.
 *
 * @param languages BCP 47.
 */
export async function recordQuestions(languages: readonly string[]): Promise<readonly Page[]> {
	const pages: Page[] = [];
	for (const [name, deed] of Object.entries(ASKED_DEEDS)) {
		const world = await openWorld();
		const before = await deed.before?.(world);
		const html = await seenIn(languages, world, () => ask(world, deed, before));
		pages.push({ name: `question.${name}`, html });
	}
	const world = await openWorld(false);
	await OPERATORS_DEEDS["mail-server.change"].act(world);
	for (const path of ["server", "server/remove"]) {
		const address = `${world.url}/admin/mailbox/${path}`;
		const html = await seenIn(languages, world, () => world.operator.open(address));
		pages.push({ name: `mailbox.${path}`, html });
	}
	return pages;
}

/** What the operator sees in each language. */
async function seenIn(
	languages: readonly string[],
	{ operator }: World,
	look: () => Promise<unknown>,
): Promise<Page["html"]> {
	const request = operator.request.bind(operator);
	const html: Record<string, string> = {};
	for (const language of languages) {
		operator.request = (url, init = {}) => {
			const headers = { ...Object.fromEntries(new Headers(init.headers)) };
			return request(url, { ...init, headers: { ...headers, "accept-language": language } });
		};
		await look();
		html[language] = operator.seen.html;
	}
	operator.request = request;
	return html;
}
