// Kills a node at every step of a log-in. The visitor tries again, and nothing is doubled, lost or mixed up.
import { expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "../helpdesk/http-visitor.ts";
import { apart, describeOn } from "../storage/test-servers.ts";
import {
	type Cluster,
	handleOf,
	logIn,
	openCallback,
	openCluster,
	people,
	START,
} from "./cluster.ts";
import { type ENGINES, openStorage } from "./engines.ts";
import { storedPeople } from "./invariants.ts";
import type { Moment } from "./tripwire.ts";

/** More messages than a log-in sends to the storage or to X. */
const MAX_STEPS = 60;
const PEOPLE = people(2 * MAX_STEPS);

type Leg = "start" | "callback";
type Kills = readonly [
	who: "a new visitor" | "a returning visitor",
	to: "toStorage" | "toX",
	moment: Moment,
];

/**
 * Kills the first node at message number `step` to the storage or to X in one leg of a log-in. The node starts again
 * while the visitor tries again at the other one.
 *
 * @returns whether the log-in had a message with this number.
 */
async function killedAt(
	{ nodes: [one, two] }: Cluster,
	to: "toStorage" | "toX",
	leg: Leg,
	step: number,
	moment: Moment,
	person: (typeof PEOPLE)[number],
): Promise<boolean> {
	const visitor = new HttpVisitor();
	const wire = one[to];
	let restarted: Promise<void> | undefined;
	const arm = (): void =>
		wire.set(step, moment, () => {
			restarted = one.kill().then(() => one.start());
		});
	let tripped = false;
	try {
		await visitor.open(`${one.url}/login?returnTo=/account`);
		if (leg === "start") {
			arm();
		}
		const { url } = await visitor.submit(START);
		tripped = wire.clear();
		if (leg === "callback") {
			const callback = await approveAtX(url, { accountId: person.id });
			arm();
			await openCallback(visitor, callback, one);
		}
	} catch {
		// The node is gone in the middle of an answer.
	}
	tripped = wire.clear() || tripped;
	// A visitor whom the last answer logged in goes on. Any other visitor presses the button again.
	if ((await handleOf(visitor, two)) === undefined) {
		await logIn(visitor, person.id, two);
	}
	expect([to, leg, step, moment, await handleOf(visitor, two)]).toEqual([
		...[to, leg, step, moment],
		person.screenName,
	]);
	await restarted;
	return tripped;
}

/**
 * A node that dies has forgotten all but what is stored. So one that is killed before a message arrives leaves what one
 * leaves that is killed after the last message before it, be that to the storage or to X. Each engine therefore meets
 * every state at one of the two moments, and the two engines together meet both moments.
 */
const KILLS: Readonly<Record<(typeof ENGINES)[number], readonly Kills[]>> = {
	PostgreSQL: [
		["a new visitor", "toStorage", "after"],
		["a returning visitor", "toStorage", "before"],
		["a new visitor", "toX", "after"],
	],
	Redis: [
		["a new visitor", "toStorage", "before"],
		["a returning visitor", "toStorage", "after"],
		["a new visitor", "toX", "before"],
	],
};

/** Declares the tests on one engine. Each engine has its own file, so that the engines run at the same time. */
export function describeKills(engine: (typeof ENGINES)[number]): void {
	describeOn(engine, `kill -9 on ${engine}`, (url) => {
		test.each(KILLS[engine])(
			"%s, at each message %s, %s it is answered",
			async (who, to, moment) => {
				const storageUrl = apart(url);
				const cluster = await openCluster(storageUrl, PEOPLE);
				const [, two] = cluster.nodes;
				let met = 0;
				for (const leg of ["start", "callback"] as const) {
					for (let step = 0, more = true; more; step += 1) {
						const person = PEOPLE[met];
						if (person === undefined) {
							throw new Error("the log-in has more steps than there are people");
						}
						if (who === "a returning visitor") {
							await logIn(new HttpVisitor(), person.id, two);
						}
						more = await killedAt(cluster, to, leg, step, moment, person);
						met += 1;
					}
				}

				// Each of the two legs ends with a log-in that was not killed. Every other one was.
				expect(met - 2).toBeGreaterThan(to === "toX" ? 1 : 8);
				const { accounts, addresses, links, halves } = await storedPeople(
					await openStorage(storageUrl),
				);
				expect([accounts, addresses, links.length]).toEqual([met, met, met]);
				expect(halves).toEqual(links);
			},
		);
	});
}
