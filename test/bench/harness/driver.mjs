// Plays the browsers of all visitors, over kept-alive connections.
import { Pool } from "undici";
import { approveAtX } from "../../../dist/testing.mjs";
import { answerParent } from "./answer-parent.mjs";
import { Audience } from "./audience.mjs";
import { logIn, startLogIn } from "./log-in.mjs";
import { Visitor } from "./visitor.mjs";

/** Some clients send browsers to the real X, whatever X their server is set to. */
const approveAt = (x) => (address, accountId) => {
	const { pathname, search } = new URL(address);
	return approveAtX(new URL(pathname + search, x).href, { accountId });
};

/** Keeps this many tasks under way until the time is over or the number is reached. */
async function inLanes({ origin, concurrency, seconds, count }, work) {
	const pool = new Pool(origin, { connections: concurrency });
	const began = performance.now();
	const until = began + (seconds ?? Number.POSITIVE_INFINITY) * 1000;
	let begun = 0;
	const inLane = async (_, lane) => {
		while (begun < (count ?? Number.POSITIVE_INFINITY) && performance.now() < until) {
			begun += 1;
			await work(pool, begun - 1, lane);
		}
	};
	try {
		await Promise.all(Array.from({ length: concurrency }, inLane));
	} finally {
		await pool.close();
	}
	return { count: begun, seconds: (performance.now() - began) / 1000 };
}

/**
 * Runs complete log-ins, and checks that each one shows its person.
 *
 * @param task.atX the project's fake X, whose pages the visitors use; without it X's page is skipped.
 * @param task.accounts the first id (`first`) and how many ids there are (`count`); without `count` everybody is new.
 */
async function logIns(task) {
	const { origin, way, accounts, pauseMs, atX, forgiving } = task;
	const waits = [];
	const problems = [];
	const ended = await inLanes(task, async (pool, index) => {
		const id = accounts.first + (accounts.count ? index % accounts.count : index);
		try {
			const options = { pauseMs, ...(atX && { approve: approveAt(atX) }) };
			const visitor = new Visitor(pool, origin);
			await logIn(visitor, way, String(id), options);
			waits.push(visitor.waitedMs);
		} catch (error) {
			if (!forgiving) {
				throw error;
			}
			problems.push(error.message);
		}
	});
	return { ...ended, waits, problems };
}

/** Starts log-ins that nobody finishes. */
async function starts(task) {
	return inLanes(task, (pool) => startLogIn(new Visitor(pool, task.origin), task.way));
}

const audiences = [];

/** @returns the id of the new audience. */
async function openAudience(task) {
	return audiences.push(await Audience.open(task)) - 1;
}

/** Runs complete log-ins at a connected helpdesk. @returns also how many pages a browser asks for each time. */
async function helpdeskLogIns(task) {
	let pages = 0;
	const ended = await inLanes(task, async (pool, _, lane) => {
		const seen = await audiences[task.audience].logIn(pool, lane, task);
		pages += seen;
	});
	return { ...ended, pages: pages / ended.count };
}

answerParent({ logIns, starts, openAudience, helpdeskLogIns });
