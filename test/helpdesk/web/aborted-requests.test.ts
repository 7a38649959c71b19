// A visitor who goes away in mid-request is no error of the helpdesk.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { type HostStorage, StorageError } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";

const FORM = "content-type: application/x-www-form-urlencoded";
const UPLOAD = "content-type: multipart/form-data; boundary=x";
const WAYS = ["end", "destroy", "resetAndDestroy"] as const;

/** A storage whose reads can be held, and which counts the reads it holds. */
class HeldStorage extends MemoryStorage {
	held = 0;
	private holding: Promise<unknown> | undefined;

	/** Holds every read until the returned function is called, which lets it fail with an error if one is given. */
	hold(): (error?: Error) => void {
		let end: (error?: Error) => void = () => undefined;
		this.holding = new Promise<void>((resolve, reject) => {
			end = (error) => (error === undefined ? resolve() : reject(error));
		});
		this.holding.catch(() => undefined);
		return (error) => {
			this.holding = undefined;
			end(error);
		};
	}

	override get: HostStorage["get"] = async (key) => {
		if (this.holding !== undefined) {
			this.held += 1;
			await this.holding;
		}
		return super.get(key);
	};
}

async function openHeld() {
	const clock = new MockClock();
	const storage = new HeldStorage(clock);
	const open = await openHelpdesk({ clock, storage });
	await setUpX(open);
	return { ...open, storage };
}

/** Lets the helpdesk, which is in this process, notice what was sent before. */
async function noticed({ portal }: Pick<OpenHelpdesk, "portal">): Promise<void> {
	await fetch(`${portal}/assets/style.css`);
}

/** Sends a part of a request over a connection of its own. */
async function begin(open: Pick<OpenHelpdesk, "portal">, lines: readonly string[]) {
	const { hostname, port, host } = new URL(open.portal);
	const [request = "", ...rest] = lines;
	const socket = connect(Number(port), hostname);
	socket.on("error", () => undefined).resume();
	await once(socket, "connect");
	await new Promise((sent) =>
		socket.write([`${request} HTTP/1.1`, `host: ${host}`, ...rest].join("\r\n"), sent),
	);
	await noticed(open);
	return socket;
}

/** Ends a connection, and lets the helpdesk notice. */
async function goAway(
	open: Pick<OpenHelpdesk, "portal">,
	socket: Socket,
	way: (typeof WAYS)[number] = "destroy",
): Promise<void> {
	socket[way]();
	if (!socket.closed) {
		await once(socket, "close");
	}
	await noticed(open);
}

function errorsIn({ log }: Pick<OpenHelpdesk, "log">): string[] {
	return log.filter((line) => line.includes('"level":"error"'));
}

const CUT = {
	"a form of which a part arrived": ["POST /login", FORM, "content-length: 1000", "", "email=a"],
	"a form of which nothing arrived": ["POST /login", FORM, "content-length: 1000", "", ""],
	"a form in chunks": ["POST /login", FORM, "transfer-encoding: chunked", "", "5", "email", ""],
	"a form with a broken chunk": ["POST /login", FORM, "transfer-encoding: chunked", "", "zz", ""],
	"a file in chunks": ["POST /login", UPLOAD, "transfer-encoding: chunked", "", "3", "--x", ""],
} as const;

test.each(
	Object.keys(CUT).flatMap((what) => WAYS.map((way) => [what as keyof typeof CUT, way] as const)),
)(
	"a visitor who goes away in mid-request leaves no error in the log: %s, %s",
	async (what, way) => {
		const open = await openHelpdesk();

		const socket = await begin(open, CUT[what]);
		await goAway(open, socket, way);

		expect(errorsIn(open)).toEqual([]);
	},
);

test("a visitor who goes away before their form is read leaves no error in the log", async () => {
	const open = await openHeld();
	const endOfHold = open.storage.hold();
	const socket = await begin(open, uploadOf(open));
	await expect.poll(() => open.storage.held).toBeGreaterThan(0);
	await goAway(open, socket);

	endOfHold();
	await goAway(open, socket);

	expect(errorsIn(open)).toEqual([]);
});

test.each([
	["an error of the helpdesk", new TypeError("a real mistake")],
	["an error of the storage", new StorageError("the storage is away", { cause: reset() })],
])("the log has %s, even if the visitor went away before their form was read", async (_, error) => {
	const open = await openHeld();
	const endOfHold = open.storage.hold();
	const socket = await begin(open, uploadOf(open));
	await expect.poll(() => open.storage.held).toBeGreaterThan(0);
	await goAway(open, socket);

	endOfHold(error);

	await expect.poll(() => errorsIn(open)).toEqual([expect.stringContaining(error.message)]);
});

test("the log has an error of the helpdesk, even if the visitor went away before the answer", async () => {
	const open = await openHeld();
	const endOfHold = open.storage.hold();
	const socket = await begin(open, ["GET /healthz", "", ""]);
	await expect.poll(() => open.storage.held).toBeGreaterThan(0);
	await goAway(open, socket);

	endOfHold(new TypeError("a real mistake"));

	await expect.poll(() => errorsIn(open)).toEqual([expect.stringContaining("a real mistake")]);
});

/** A file of an operator, of which nothing has arrived. Their session is looked up before the body is read. */
function uploadOf({ operator }: Pick<OpenHelpdesk, "operator">): string[] {
	const cookies = [...operator.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	const path = "/admin/settings/general/add-ons/upload";
	return [`POST ${path}`, `cookie: ${cookies}`, FORM, "content-length: 1000", "", ""];
}

function reset(): Error {
	return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}
