// Kills the database under the nodes and restarts it. Visitors read that they should try again, and then log in.
import { expect, test } from "vitest";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { aMoment, handleOf, logIn, openCluster, people, START } from "../../kit/nodes/cluster.ts";
import { openStorage } from "../../kit/nodes/engines.ts";
import { storedPeople } from "../../kit/nodes/invariants.ts";
import { startOwnServer } from "../../kit/storage/own-server.ts";
import { describeOn } from "../../kit/storage/test-servers.ts";

const COUNT = 60;
const MAX_TRIES = 200;

for (const [name, engine] of [
	["PostgreSQL", "postgres"],
	["Redis", "redis"],
] as const) {
	describeOn(name, `${name} is killed`, () => {
		test("the log-in asks visitors to try again while the database is away, and under load everybody logs in once", async () => {
			const server = await startOwnServer(engine);
			const { nodes } = await openCluster(server.url, people(COUNT));
			const early = new HttpVisitor();
			await early.open(`${nodes[0].url}/login`);
			await server.kill();
			const start = await early.submit(START);
			expect(start.status).toBe(503);
			expect(start.html).toMatch(/[Tt]ry again in a moment/);
			await server.restart();

			const statuses = new Set<number>();
			let ended = 0;
			let isAway = false;
			const comeIn = async ({ id, screenName }: FakeXAccount, index: number): Promise<string> => {
				const visitor = new HttpVisitor();
				for (let turn = index, tries = 0; tries < MAX_TRIES; turn += 1, tries += isAway ? 0 : 1) {
					const node = nodes[turn % 2] ?? nodes[0];
					const seen = await logIn(visitor, id, node).catch(() => visitor.seen);
					statuses.add(seen.status);
					if ((await handleOf(visitor, node).catch(() => undefined)) === screenName) {
						return screenName;
					}
					await aMoment();
				}
				return `${screenName} never logged in`;
			};
			/** Kills the database after a quarter of the log-ins, while the others are under way. */
			const comeAndGo = async (person: FakeXAccount, index: number): Promise<string> => {
				const end = await comeIn(person, index);
				ended += 1;
				if (ended === COUNT / 4 + 1) {
					isAway = true;
					await server.kill();
					await server.restart();
					isAway = false;
				}
				return end;
			};
			const ends = await Promise.all(people(COUNT).map(comeAndGo));

			expect(ends).toEqual(people(COUNT).map((each) => each.screenName));
			// 200: logged in; 303: on the way to X; 503: asked to try again.
			expect([...statuses].filter((status) => ![200, 303, 503].includes(status))).toEqual([]);
			const { accounts, links, halves } = await storedPeople(await openStorage(server.url));
			expect([accounts, links.length]).toEqual([COUNT, COUNT]);
			expect(halves).toEqual(links);
		});
	});
}
