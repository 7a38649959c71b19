import { Pool } from "undici";
import { csrfIn } from "../harness/log-in.mjs";
import { spread } from "../harness/statistics.mjs";
import { Visitor } from "../harness/visitor.mjs";

const LANGUAGE = "fr";
const PAGE = "/login";

/**
 * Measures a log-in page for visitors who chose its language in their browser, beside those whose browser asks for it. Both
 * take turns in one process, and those who did not choose come first and last in every turn.
 */
export async function measureLanguage(stage, contestant, { turns, pages }) {
	const server = await stage.start(contestant, await stage.openX());
	const pool = new Pool(server.origin);
	const asking = new Visitor(pool, server.origin, { "accept-language": LANGUAGE });
	const choosing = new Visitor(pool, server.origin);
	const form = { _csrf: csrfIn(await choosing.get(PAGE)), language: LANGUAGE, return_to: PAGE };
	await choosing.post("/language", form, "form");
	const cost = async (visitor) => {
		const before = await server.ask("cpu");
		for (let page = 0; page < pages; page += 1) {
			const { text } = await visitor.get(PAGE);
			if (!text.includes(`<html lang="${LANGUAGE}"`)) {
				throw new Error("the log-in page is in another language");
			}
		}
		return ((await server.ask("cpu")) - before) / pages;
	};
	await cost(asking);
	await cost(choosing);
	const samples = [];
	for (let turn = 0; turn < turns; turn += 1) {
		const first = await cost(asking);
		const chosen = await cost(choosing);
		const last = await cost(asking);
		const asked = (first + last) / 2;
		samples.push({ asked, ratio: chosen / asked, noise: Math.abs(first - last) / asked });
	}
	await pool.close();
	await server.stop();
	const spreadOf = (read) => spread(samples.map(read));
	return {
		asked: spreadOf(({ asked }) => asked),
		ratio: spreadOf(({ ratio }) => ratio),
		noise: spreadOf(({ noise }) => noise),
	};
}
