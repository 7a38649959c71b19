// The database is killed under the nodes and comes back: visitors are told to try again, and get in.
import { expect, test } from "vitest";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { handleOf, logIn, openCluster, people, START } from "../../kit/nodes/cluster.ts";
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
		test("while it is away the log-in says to try again; in the middle of a load everybody gets in, once", async () => {
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
			let arrived = 0;
			const comings = people(COUNT).map(async ({ id, screenName }, index) => {
				const visitor = new HttpVisitor();
				for (let tries = 0; tries < MAX_TRIES; tries += 1) {
					const node = nodes[(index + tries) % 2] ?? nodes[0];
					const seen = await logIn(visitor, id, node).catch(() => visitor.seen);
					statuses.add(seen.status);
					if ((await handleOf(visitor, node)) === screenName) {
						arrived += 1;
						return screenName;
					}
				}
				return `${screenName} never got in`;
			});
			await expect.poll(() => arrived, { timeout: 20_000 }).toBeGreaterThan(COUNT / 4);
			const before = arrived;
			await server.kill();
			await server.restart();

			expect(await Promise.all(comings)).toEqual(people(COUNT).map((each) => each.screenName));
			expect(before).toBeLessThan(COUNT);
			// 200: in; 303: on the way to X; 503: told to try again.
			expect([...statuses].filter((status) => ![200, 303, 503].includes(status))).toEqual([]);
			const { accounts, links, halves } = await storedPeople(await openStorage(server.url));
			expect([accounts, links.length]).toEqual([COUNT, COUNT]);
			expect(halves).toEqual(links);
		}, 120_000);
	});
}
