// A flood of guesses at passwords keeps nothing else waiting: neither what connects to a host by its name nor the owners.
import { lookup } from "node:dns/promises";
import { BlockList } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HelpdeskOptions } from "../../src/helpdesk/helpdesk.ts";
import { readMailServer } from "../../src/helpdesk/mail/mail-server.ts";
import { smtpDelivery } from "../../src/helpdesk/mail/smtp.ts";
import { NAMESPACES } from "../../src/helpdesk/namespaces.ts";
import { PasswordHasher } from "../../src/helpdesk/people/password-hash.ts";
import { startHelpdesk } from "../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";
import { systemClock } from "../../src/ports/system-clock.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { startFakeSmtp } from "../kit/helpdesk/fake-smtp.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions, openHelpdesk, setUpX } from "../kit/helpdesk/open-helpdesk.ts";
import { mailboxOf, registerByLetter } from "../kit/helpdesk/register-by-letter.ts";
import { openStorageAt } from "../kit/storage/open-storage-at.ts";
import { apart, describeOn } from "../kit/storage/test-servers.ts";

const GRACE = "grace@example.com";
const PASSWORD = "correct horse";
/** The hashes that the tests ask for at once. */
const FLOOD = 8;
/**
 * The threads of libuv's pool, in which names are looked up. If hashes were computed there, a look-up behind them would
 * start when fewer hashes than this are left.
 */
const POOL = 4;

/** Counts the hashes that it has not done. */
class SlowHasher extends PasswordHasher {
	left = 0;

	/** @param passes over the memory; three is the real cost. */
	constructor(passes: number) {
		super({ N: 2 ** 15, r: 8, p: passes });
	}

	override async isPassword(password: string, hashed: string | undefined): Promise<boolean> {
		this.left += 1;
		try {
			return await super.isPassword(password, hashed);
		} finally {
			this.left -= 1;
		}
	}
}

function openHasher(passes: number): SlowHasher {
	const hasher = new SlowHasher(passes);
	onTestFinished(() => hasher.close());
	return hasher;
}

/** Asks for more hashes than the pool has threads. */
function flood(hasher: SlowHasher): void {
	for (let index = 0; index < FLOOD; index += 1) {
		// Closing the hasher ends those that are left.
		hasher.isPassword("a guess", undefined).catch(() => undefined);
	}
}

function byName(url: string): string {
	return url.replace("127.0.0.1", "localhost");
}

/**
 * A helpdesk with X and a user who was logged in, and a second node of it with this hasher. The node reaches X and the mail
 * server by name, and has connected to neither yet.
 */
async function openNode(hasher: PasswordHasher, options: Partial<HelpdeskOptions> = {}) {
	const keys = [cryptoRandom.bytes(32)];
	const open = await openHelpdesk({ keys });
	await setUpX(open);
	const grace = new HttpVisitor();
	const registrant = { name: "Grace", email: GRACE, password: PASSWORD };
	await registerByLetter(grace, open.portal, mailboxOf(open), registrant);
	await grace.submit("/logout");
	const smtp = await startFakeSmtp();
	const { storage, clock, fakeX } = open;
	const node = await startHelpdesk(
		await helpdeskOptions({
			...{ keys, storage, clock, hasher },
			origins: { "api.x.com": byName(fakeX.url) },
			// X knows the callback addresses of the first node.
			baseUrls: new Map(open.helpdesk.brands.map(({ id, baseUrl }) => [id, baseUrl])),
			deliver: smtpDelivery(readMailServer(byName(smtp.url))),
			...options,
		}),
	);
	onTestFinished(async () => {
		await hasher.close();
		await node.close();
	});
	const [portal = ""] = node.listening;
	return { ...open, portal, firstPortal: open.portal, smtp, grace };
}

test("log-ins at X and mail go on during a flood of guesses at passwords", async () => {
	const hasher = openHasher(24);
	const { portal, firstPortal, smtp } = await openNode(hasher);
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	const forgetful = new HttpVisitor();
	await forgetful.open(`${portal}/forgot`);
	flood(hasher);

	await visitor.submit("/login/x-login/start");
	const callback = await approveAtX(visitor.seen.url);
	const { html } = await visitor.open(callback.replace(firstPortal, portal));
	expect(html).toContain("@ada");
	await forgetful.submit("/forgot", { email: GRACE });
	await expect.poll(() => smtp.letters.join()).toContain("/reset?token");
	await lookup("localhost");

	expect(hasher.left).toBeGreaterThanOrEqual(POOL);
});

describe.each(["PostgreSQL", "Redis"] as const)("databases", (engine) => {
	describeOn(engine, `on ${engine}`, (url) => {
		test("a node connects to its database by name during a flood of guesses at passwords", async () => {
			const hasher = openHasher(24);
			flood(hasher);

			const storage = await openStorageAt(byName(apart(url)), systemClock);
			onTestFinished(async () => storage.close());
			await storage.commit({ sets: [{ key: ["a"], value: 1 }] });

			expect((await storage.get(["a"]))?.value).toBe(1);
			expect(hasher.left).toBeGreaterThanOrEqual(POOL);
		});
	});
});

/** Guesses at accounts that do not exist last until the test ends them, one by one. */
class HeldHasher extends PasswordHasher {
	private readonly held: (() => void)[] = [];

	constructor() {
		super({ N: 2, r: 1, p: 1 });
	}

	override async isPassword(password: string, hashed: string | undefined): Promise<boolean> {
		if (hashed === undefined) {
			await new Promise<void>((resolve) => this.held.push(resolve));
		}
		return super.isPassword(password, hashed);
	}

	endOne(): void {
		this.held.shift()?.();
	}
}

test("an owner in a known browser logs in before the strangers who fill the queue, and other visitors are asked to come back", async () => {
	const hasher = new HeldHasher();
	const trustedProxies = new BlockList();
	trustedProxies.addAddress("127.0.0.1");
	const { portal, grace, storage } = await openNode(hasher, { startLimit: 1000, trustedProxies });
	const logIn = async (visitor: HttpVisitor, from: string, email: string, password: string) => {
		const { html } = await visitor.open(`${portal}/login?returnTo=/account`);
		const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
		const body = new URLSearchParams({ _csrf: proof, email, password });
		const headers = { "x-forwarded-for": from };
		return visitor.request(`${portal}/login`, { method: "POST", headers, body });
	};
	const answers: Response[] = [];
	const strangers = Array.from({ length: FLOOD + 4 }, async (_, index) => {
		const stranger = new HttpVisitor();
		const from = `192.0.2.${index}`;
		answers.push(await logIn(stranger, from, `${index}@example.com`, "a guess"));
	});
	await expect.poll(() => answers.length).toBe(4);
	for (const answer of answers) {
		expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "5"]);
		expect(await answer.text()).toContain("You tried too often");
	}

	const owner = logIn(grace, "192.0.2.1", GRACE, PASSWORD);
	// The last count before the guess waits for its turn.
	const counts = [...NAMESPACES.passwordGuesses, "devices-of-account"];
	await expect.poll(async () => (await storage.list(counts)).entries).toHaveLength(1);
	hasher.endOne();

	expect((await owner).status).toBe(303);
	expect(answers.length).toBeLessThanOrEqual(5);
	await expect
		.poll(() => {
			hasher.endOne();
			return answers.length;
		})
		.toBe(strangers.length);
});
