import { expect, test } from "vitest";
import { isRefusedPort } from "../../src/contract/refused-ports.ts";

test("fetch opens no connection to any of the ports that browsers refuse", async () => {
	const refused = Array.from({ length: 65_536 }, (_, port) => port).filter(isRefusedPort);
	expect(refused).toHaveLength(82);
	for (const port of refused) {
		const failed = await fetch(`http://127.0.0.1:${port}`).catch((error: Error) => error.cause);
		expect([port, String(failed)]).toEqual([port, "Error: bad port"]);
	}
});
