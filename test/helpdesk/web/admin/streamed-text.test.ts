import { expect, test } from "vitest";
import { streamedText } from "../../../../src/helpdesk/web/admin/streamed-text.ts";

function partsOf(count: number) {
	const seen = { made: 0, isReturned: false };
	async function* parts(): AsyncGenerator<string> {
		try {
			for (let part = 1; part <= count; part += 1) {
				seen.made = part;
				yield `${part},`;
			}
		} finally {
			seen.isReturned = true;
		}
	}
	return { seen, parts };
}

test("text is made while the client takes it, and no faster", async () => {
	const { seen, parts } = partsOf(1000);

	const reader = (await streamedText(parts(), () => {})).getReader();
	// A heading and the first rows.
	expect(seen.made).toBe(2);
	await reader.read();
	await reader.read();

	expect(seen.made).toBeLessThanOrEqual(4);
});

test("all parts arrive, and a client who leaves ends the work", async () => {
	const all = partsOf(3);
	const left = partsOf(1000);

	expect(await new Response(await streamedText(all.parts(), () => {})).text()).toBe("1,2,3,");
	const stream = await streamedText(left.parts(), () => {});
	await stream.cancel();

	expect(left.seen.isReturned).toBe(true);
	expect(left.seen.made).toBeLessThan(4);
});

test("an error before the first rows is an error of the answer, not a broken file", async () => {
	async function* broken(): AsyncGenerator<string> {
		yield "heading";
		yield await Promise.reject<string>(new Error("away"));
	}

	await expect(streamedText(broken(), () => {})).rejects.toThrow("away");
});

test("an error after the first rows breaks the connection, because the file would look complete", async () => {
	async function* broken(): AsyncGenerator<string> {
		yield* ["heading", "rows"];
		yield await Promise.reject<string>(new Error("away"));
	}
	let isBroken = false;
	const stream = await streamedText(broken(), () => {
		isBroken = true;
	});

	await expect(new Response(stream).text()).rejects.toThrow("away");
	expect(isBroken).toBe(true);
});
