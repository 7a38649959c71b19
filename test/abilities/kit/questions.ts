import { ASKED_DEEDS, ask } from "../../kit/deeds/asked-deeds.ts";
import { openWorld } from "../../kit/deeds/world.ts";

/** What the administration asks before a deed that cannot be undone. */
export interface Question {
	readonly name: string;
	/** The markup by language. */
	readonly html: Readonly<Record<string, string>>;
}

/** Asks for each deed in each language. @param languages BCP 47. */
export async function recordQuestions(languages: readonly string[]): Promise<readonly Question[]> {
	const questions: Question[] = [];
	for (const [name, deed] of Object.entries(ASKED_DEEDS)) {
		const world = await openWorld();
		const before = await deed.before?.(world);
		const { operator } = world;
		const request = operator.request.bind(operator);
		const html: Record<string, string> = {};
		for (const language of languages) {
			operator.request = (url, init = {}) => {
				const headers = { ...Object.fromEntries(new Headers(init.headers)) };
				return request(url, { ...init, headers: { ...headers, "accept-language": language } });
			};
			await ask(world, deed, before);
			html[language] = operator.seen.html;
		}
		questions.push({ name: `question.${name}`, html });
	}
	return questions;
}
