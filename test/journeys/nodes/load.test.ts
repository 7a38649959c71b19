// Runs log-ins by the thousand while nodes, connections and the database fail in turn (`npm run faults`: 10,000 for
// each).
import { expect, test } from "vitest";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { aMoment, handleOf, logIn, openCluster, people } from "../../kit/nodes/cluster.ts";
import { openStorage } from "../../kit/nodes/engines.ts";
import { sessionHash, storedPeople, usersOfSessions } from "../../kit/nodes/invariants.ts";
import { startOwnServer } from "../../kit/storage/own-server.ts";
import { describeOn } from "../../kit/storage/test-servers.ts";

const LOG_INS = Number(process.env["FAULT_LOG_INS"] ?? 200);
const PEOPLE = people(Math.ceil(LOG_INS / 10));
const AT_ONCE = 16;
const LOG_INS_A_FAULT = Math.max(20, LOG_INS / 100);
const MAX_TRIES = 500;

for (const [name, engine] of [
	["PostgreSQL", "postgres"],
	["Redis", "redis"],
] as const) {
	describeOn(name, `${LOG_INS} log-ins on ${name} under faults`, () => {
		test("no account is doubled, no link is lost, and nobody is mistaken for another person", async () => {
			const server = await startOwnServer(engine);
			const { nodes } = await openCluster(server.url, PEOPLE);
			const storage = await openStorage(server.url);
			let done = 0;
			let next = 0;
			let faults = 0;
			const strangers: string[] = [];
			const arrivals: { readonly identity: string; readonly visitor: HttpVisitor }[] = [];
			/** Every link that ever existed, as "identity user". */
			const everLinked = new Set<string>();
			const statuses = new Map<number, number>();
			let isGivenUp = false;
			/** The run goes on at least until each of the faults has happened. */
			const isOver = (): boolean => isGivenUp || (next >= LOG_INS && faults >= inject.length);
			const worker = async (): Promise<void> => {
				while (!isOver()) {
					const person = PEOPLE[next % PEOPLE.length];
					next += 1;
					const visitor = new HttpVisitor();
					for (let tries = 0; person !== undefined && tries < MAX_TRIES; tries += 1) {
						const node = nodes[(next + tries) % 2] ?? nodes[0];
						const back = nodes[done % 2] ?? nodes[0];
						const seen = await logIn(visitor, person.id, node, back).catch(() => undefined);
						statuses.set(seen?.status ?? 0, (statuses.get(seen?.status ?? 0) ?? 0) + 1);
						const handle = await handleOf(visitor, node).catch(() => undefined);
						if (handle !== undefined) {
							if (handle !== person.screenName) {
								strangers.push(`${person.screenName} is mistaken for ${handle}`);
							}
							arrivals.push({ identity: `x:${person.id}`, visitor });
							done += 1;
							break;
						}
						await aMoment();
					}
				}
			};
			const inject = [
				async () => {
					await nodes[0].kill();
					await nodes[0].start();
				},
				async () => nodes[1].toStorage.cut(),
				async () => {
					await server.kill();
					await server.restart();
				},
				async () => {
					await nodes[1].kill();
					await nodes[1].start();
				},
				async () => nodes[0].toX.cut(),
			];
			const injector = async (): Promise<void> => {
				while (!isOver()) {
					const before = done;
					await expect.poll(() => isOver() || done >= before + LOG_INS_A_FAULT).toBe(true);
					await inject[faults % inject.length]?.();
					faults += 1;
					// The broken connections may include one of the test's own.
					const links = await storedPeople(storage).then(
						(stored) => stored.links,
						() => [],
					);
					for (const link of links.filter((each) => !each.endsWith(" null"))) {
						everLinked.add(link);
					}
				}
			};
			await Promise.all([
				...Array.from({ length: AT_ONCE }, worker),
				injector().finally(() => {
					isGivenUp = !isOver();
				}),
			]);

			expect(strangers).toEqual([]);
			expect(done).toBe(next);
			expect([...statuses.keys()].filter((status) => [500, 502].includes(status))).toEqual([]);
			const { accounts, addresses, links, halves } = await storedPeople(storage);
			const count = PEOPLE.length;
			expect([accounts, addresses, links.length]).toEqual([count, count, count]);
			expect(halves).toEqual(links);
			expect(everLinked.size).toBeGreaterThan(0);
			expect([...everLinked].filter((link) => !links.includes(link))).toEqual([]);
			const sessions = await usersOfSessions(storage);
			const wrongSessions = arrivals.filter(
				({ identity, visitor }) =>
					!links.includes(`${identity} ${sessions.get(sessionHash(visitor))}`),
			);
			expect(wrongSessions.map(({ identity }) => identity)).toEqual([]);
			console.log(`${done} log-ins, ${faults} faults, answers ${JSON.stringify([...statuses])}`);
		}, 3_600_000);
	});
}
