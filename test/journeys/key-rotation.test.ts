// Replaces keys while people log in: the keys of the app at X, and the key that encrypts them here.
import { describe, expect, onTestFinished, test } from "vitest";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { startFakeX } from "../../src/testing/fake-x/fake-x.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { createMockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { builtPlugin } from "../kit/artifact/built-plugin.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { goToX, throughX } from "../kit/plugin/at-x.ts";
import { type AtX, PROTOCOLS } from "../kit/plugin/protocols.ts";

const VISITORS = 100;

const accounts = Array.from({ length: VISITORS }, (_, index) => ({
	id: String(1000 + index),
	screenName: `visitor${index}`,
	name: `Visitor ${index}`,
	email: `visitor${index}@example.com`,
}));

function secrets(value: string) {
	return { apiKeySecret: value, clientSecret: value };
}

async function openHouseWithRotatableSecret({ protocol }: AtX) {
	const brand = mockBrand("brand");
	const keys = { apiKey: "k", clientId: "c", ...secrets("old-secret") };
	const app = { ...keys, callbacks: [brand.callbackUrl] };
	const clock = new MockClock();
	const fakeX = await startFakeX({ apps: [app], accounts, clock });
	const host = createMockHost({
		plugin: await builtPlugin(),
		brands: [brand],
		clock,
		origins: { "api.x.com": fakeX.url },
	});
	onTestFinished(async () => {
		await host.close();
		await fakeX.close();
	});
	host.settings.save("brand", { protocol, ...keys });
	host.settings.enable("brand");
	const rotate = (): void => {
		Object.assign(app, secrets("new-secret"));
		host.settings.save("brand", secrets("new-secret"));
	};
	return { host, fakeX, rotate };
}

describe.each(PROTOCOLS)("under %s", (_title, x) => {
	test("100 people who are at X while its secret is rotated all log in, with their e-mail addresses", async () => {
		const { host, rotate } = await openHouseWithRotatableSecret(x);
		const trips = await Promise.all(
			accounts.map(async ({ id }) => {
				const browser = host.newBrowser();
				const toX = await goToX(browser);
				return { browser, callback: await approveAtX(toX, { accountId: id }) };
			}),
		);
		rotate();

		const ends = await Promise.all(
			trips.map(({ browser, callback }) => browser.openCallback(callback)),
		);
		expect(ends.map(({ kind }) => kind)).toEqual(accounts.map(() => "signed-up"));
		expect(host.users.all()).toHaveLength(VISITORS);
	});

	test("X's secret can be rotated between any two calls of 100 log-ins, and all of them succeed", async () => {
		const { host, fakeX, rotate } = await openHouseWithRotatableSecret(x);
		let ended = 0;
		const comings = accounts.map(async ({ id }) => {
			try {
				return (await throughX(host.newBrowser(), { accountId: id })).kind;
			} finally {
				ended += 1;
			}
		});
		// Some log-ins are at their first call then, some at their last. None waits for another.
		const rotateMidway = async (): Promise<number> => {
			while (fakeX.stats().calls[x.exchange] < VISITORS / 4 && ended < VISITORS) {
				await new Promise(setImmediate);
			}
			rotate();
			return ended;
		};
		const [before, ...ends] = await Promise.all([rotateMidway(), ...comings]);

		expect(ends).toEqual(accounts.map(() => "signed-up"));
		expect(before).toBeLessThan(VISITORS);
	});

	test("a wrong secret is tried once if nobody replaces it", async () => {
		const { host, fakeX } = await openHouseWithRotatableSecret(x);
		host.settings.save("brand", secrets("wrong"));

		const browser = host.newBrowser();
		// Under OAuth 2.0 X first sees the secret after the visitor has come back.
		const end = x.protocol === "oauth1" ? await browser.pressButton() : await throughX(browser);

		expect(end).toMatchObject({ code: "x-misconfigured" });
		expect(fakeX.stats().total).toBe(1);
	});
});

// What is encrypted is the same under both protocols: the stored secrets and the cookies.
test("100 people log in while the encryption key is rotated node by node, and all of them succeed", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const [OLD, NEW] = [cryptoRandom.bytes(32), cryptoRandom.bytes(32)];
	const first = await openHelpdesk({ storage, clock, keys: [OLD] }, accounts);
	await setUpX(first);
	const { fakeX, portal } = first;
	const node = async (keys: readonly Uint8Array[]): Promise<string> => {
		const { helpdesk } = await openHelpdesk({
			storage,
			clock,
			keys,
			origins: { "api.x.com": fakeX.url },
			baseUrls: new Map(first.helpdesk.brands.map(({ id, baseUrl }) => [id, baseUrl])),
		});
		return helpdesk.listening[0] ?? "";
	};
	// Everybody has the first node's log-in page open, and half of them are at X already.
	const visitors = await Promise.all(
		accounts.map(async ({ id }, index) => {
			const visitor = new HttpVisitor();
			await visitor.open(`${portal}/login`);
			if (index % 2 === 0) {
				await visitor.submit("/login/x-login/start");
			}
			return { visitor, id };
		}),
	);
	const finish = async (visited: typeof visitors, at: string): Promise<void> => {
		await Promise.all(
			visited.map(async ({ visitor, id }) => {
				if (visitor.seen.url.startsWith(portal)) {
					visitor.seen = { ...visitor.seen, url: at };
					await visitor.submit("/login/x-login/start");
				}
				const callback = await approveAtX(visitor.seen.url, { accountId: id });
				await visitor.open(callback.replace(portal, at));
			}),
		);
	};

	// Every node first learns the new key, then encrypts with it, and at last forgets the old one.
	const both = await node([OLD, NEW]);
	await finish(visitors.slice(0, 30), both);
	const newFirst = await node([NEW, OLD]);
	await finish(visitors.slice(30, 60), newFirst);
	await finish(visitors.slice(60, 80), both);
	// A node without the old key shows a form that was made with it again. A callback is not a form.
	const alone = await node([NEW]);
	const [late, open] = [0, 1].map((rest) =>
		visitors.slice(80).filter((_, index) => index % 2 === rest),
	);
	await finish(late ?? [], alone);
	await finish(open ?? [], newFirst);

	for (const { visitor, id } of visitors) {
		const { status, html } = await visitor.open(`${portal}/account`);
		expect([status, html.includes(`@visitor${Number(id) - 1000}`)]).toEqual([200, true]);
	}
});
