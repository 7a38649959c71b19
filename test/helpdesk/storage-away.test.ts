// Visitors are asked to try again while the storage does not answer, and nothing is left half done.
import { expect, test } from "vitest";
import { type HostStorage, StorageError } from "../../src/contract/storage.ts";
import { brandsAt } from "../../src/helpdesk/brands/brand-addresses.ts";
import { openHelpdesk as openCore } from "../../src/helpdesk/helpdesk.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";

/** The part that is lost: a call on its way to the storage, or its answer on the way back. */
type Lost = "call" | "answer";

/** A storage that can be made to fail after a number of calls. */
class FlakyStorage implements HostStorage {
	private readonly memory: MemoryStorage;
	private left = Number.POSITIVE_INFINITY;
	private until = Number.NEGATIVE_INFINITY;
	private lost: Lost = "call";

	constructor(readonly clock: MockClock) {
		this.memory = new MemoryStorage(clock);
	}

	awayAfter(calls: number, lost: Lost = "call"): void {
		this.left = calls;
		this.lost = lost;
	}

	/** Fails for so many calls only, as when a server is restarted. */
	awayFor(calls: number, after: number): void {
		this.awayAfter(after);
		this.until = -calls;
	}

	back(): void {
		this.until = Number.NEGATIVE_INFINITY;
		this.left = Number.POSITIVE_INFINITY;
	}

	get: HostStorage["get"] = (key) => this.answer(() => this.memory.get(key));
	take: HostStorage["take"] = (key) => this.answer(() => this.memory.take(key));
	commit: HostStorage["commit"] = (commit) => this.answer(() => this.memory.commit(commit));
	list: HostStorage["list"] = (prefix, options) =>
		this.answer(() => this.memory.list(prefix, options));

	private async answer<Result>(call: () => Promise<Result>): Promise<Result> {
		this.left -= 1;
		if (this.left < 0 && this.left >= this.until) {
			if (this.lost === "answer" && this.left === -1) {
				await call();
			}
			throw new StorageError("the storage is away");
		}
		return call();
	}
}

async function openFlaky() {
	const clock = new MockClock();
	const storage = new FlakyStorage(clock);
	const open = await openHelpdesk({ clock, storage });
	await setUpX(open);
	return { ...open, storage };
}

test("pages and log-in starts answer 503 with a time to retry, and work again once the storage is back", async () => {
	const { portal, storage } = await openFlaky();
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	const seen = { ...visitor.seen };
	storage.awayAfter(0);

	for (const path of ["/login", "/account", "/admin/users", "/healthz"]) {
		const answer = await new HttpVisitor().request(`${portal}${path}`, {
			headers: { cookie: `portal-acorn=${"a".repeat(43)}; admin-acorn=${"a".repeat(43)}` },
		});
		expect([path, answer.status, answer.headers.get("retry-after")]).toEqual([path, 503, "5"]);
		expect(await answer.text()).toContain("Try again in a moment");
	}
	await visitor.submit("/login/x-login/start");
	expect(visitor.seen).toMatchObject({ status: 503 });
	expect(visitor.seen.html).toMatch(/[Tt]ry again in a moment/);

	storage.back();
	visitor.seen = seen;
	await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(visitor.seen.url));
	expect((await visitor.open(`${portal}/account`)).html).toContain("@ada");
});

test.each(["call", "answer"] as const)(
	"a log-in that loses a %s at any point gets a 503; the next try succeeds and stores nothing twice",
	async (lost) => {
		const { portal, storage } = await openFlaky();
		let visitor: HttpVisitor;
		let interrupted = 0;
		for (let calls = 0; ; calls += 1) {
			visitor = new HttpVisitor();
			await visitor.open(`${portal}/login`);
			await visitor.submit("/login/x-login/start");
			const callback = await approveAtX(visitor.seen.url);
			storage.awayAfter(calls, lost);
			const { status } = await visitor.open(callback);
			storage.back();
			if (status === 200) {
				break;
			}
			interrupted += 1;
			expect([calls, status]).toEqual([calls, 503]);
		}

		expect(interrupted).toBeGreaterThan(4);
		expect((await visitor.open(`${portal}/account`)).html).toContain("@ada");
		expect((await storage.list(["accounts", "account"])).entries).toHaveLength(1);
		expect((await storage.list(["plugin-data", "x-login", "link"])).entries).toHaveLength(1);
		expect((await storage.list(["plugin-data", "x-login", "links-of-user"])).entries).toHaveLength(
			1,
		);
	},
);

test.each(["start", "callback"])(
	"a lost call of the %s gets a page with a button that leads where the visitor wanted to go",
	async (leg) => {
		const { portal, storage } = await openFlaky();
		const retries: string[] = [];
		for (let calls = 0; calls < 20; calls += 1) {
			const visitor = new HttpVisitor();
			await visitor.open(`${portal}/login?returnTo=/account`);
			if (leg === "start") {
				storage.awayFor(1, calls);
			}
			await visitor.submit("/login/x-login/start");
			if (leg === "callback") {
				const callback = await approveAtX(visitor.seen.url);
				storage.awayFor(1, calls);
				await visitor.open(callback);
			}
			storage.back();
			const { status, html } = visitor.seen;
			const [, path] = /name="return_path" value="([^"]*)"/.exec(html) ?? [];
			if (status === 503 && path !== undefined) {
				retries.push(path);
			}
		}

		// Before the pending log-in is taken, the page does not know the return path.
		const known = retries.slice(retries.indexOf("/account"));
		expect(known.length).toBeGreaterThan(1);
		expect(new Set(known)).toEqual(new Set(["/account"]));
	},
);

test("a node that starts while the storage goes away gives up, and deactivates nothing", async () => {
	const { storage, clock } = await openFlaky();
	const options = await helpdeskOptions({ clock, storage });
	const { addOns } = openCore(options, brandsAt(options, [1, 2]));
	const plugin = (await addOns.find("x-login"))?.plugin;
	let interrupted = 0;
	for (let isUp = false; !isUp; interrupted += 1) {
		storage.awayFor(1, interrupted);
		isUp = await addOns
			.resume(async () => {})
			.then(
				() => true,
				() => false,
			);
		storage.back();
		expect([interrupted, await plugin?.state()]).toEqual([interrupted, { kind: "active" }]);
	}
	expect(interrupted).toBeGreaterThan(2);
});
