// Fills the disk under the SQLite database. Visitors read that they should try again, nothing is lost, and log-ins work
// again once there is space.
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { SqliteStorage } from "../../../src/storage/sqlite-storage.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import {
	type Cluster,
	handleOf,
	logIn,
	openCluster,
	people,
	START,
} from "../../kit/nodes/cluster.ts";
import { storedPeople } from "../../kit/nodes/invariants.ts";
import { limitDisk, mountSmallDisk } from "./small-disk.ts";

/** The most log-ins that may still find free space in the database file. */
const MAX_LOG_INS = 100;

test.each(["the disk", "the space that a process may write"])(
	"%s is used up and freed again",
	async (what) => {
		let cluster: Cluster | undefined;
		const pids = (): number[] => cluster?.nodes.flatMap(({ pid }) => pid ?? []) ?? [];
		const mounted = what === "the disk" ? await mountSmallDisk() : undefined;
		const disk = mounted ?? (await limitDisk(pids));
		const path = join(disk.folder, "helpdesk.sqlite");
		const everybody = people(MAX_LOG_INS + 1);
		cluster = await openCluster(`sqlite:${path}`, everybody);
		const [node, other] = cluster.nodes;
		const [early, ...others] = everybody;
		const known = new HttpVisitor();
		await logIn(known, early?.id ?? "", node);
		await disk.fill();

		const arrived = [early?.screenName];
		const unlucky = { visitor: new HttpVisitor(), id: "", screenName: "" };
		for (const { id, screenName } of others) {
			const visitor = new HttpVisitor();
			const { status } = await logIn(visitor, id, node).catch(() => visitor.seen);
			if (status === 503) {
				Object.assign(unlucky, { visitor, id, screenName });
				break;
			}
			arrived.push(await handleOf(visitor, node));
		}
		const { seen } = unlucky.visitor;
		expect(seen.html).toMatch(/[Tt]ry again in a moment/);
		expect(node.log).toMatch(/disk/i);
		// Reading needs no space.
		expect(await handleOf(known, node)).toBe(early?.screenName);
		expect((await new HttpVisitor().open(`${node.url}/login`)).html).toContain(START);

		expect(await other.stop()).toBe(0);
		await disk.free();
		await logIn(unlucky.visitor, unlucky.id, node);
		expect(await handleOf(unlucky.visitor, node)).toBe(unlucky.screenName);
		await node.kill();
		await node.start();
		expect(await handleOf(known, node)).toBe(early?.screenName);
		expect(await handleOf(unlucky.visitor, node)).toBe(unlucky.screenName);
		const storage = new SqliteStorage(path, systemClock);
		const { accounts, links, halves } = await storedPeople(storage);
		storage.close();
		expect([accounts, links.length]).toEqual([arrived.length + 1, arrived.length + 1]);
		expect(halves).toEqual(links);
	},
);
