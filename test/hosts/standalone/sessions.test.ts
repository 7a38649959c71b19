import { expect, test, vi } from "vitest";
import { Sessions } from "../../../src/hosts/standalone/sessions.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";

test("a browser in which nobody is signed in is looked up nowhere, and no session begins under its token", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const sessions = new Sessions(storage, clock, cryptoRandom, [new Uint8Array(32)]);
	const get = vi.spyOn(storage, "get");
	const nobodys = sessions.newToken();

	expect(await sessions.find(nobodys)).toBeUndefined();
	expect(get).not.toHaveBeenCalled();

	const token = await sessions.open(nobodys, "ada");
	expect(await sessions.find(token)).toMatchObject({ subjectId: "ada" });
	expect(await sessions.find(nobodys)).toBeUndefined();
	expect(await sessions.find(`nobody.${token}`)).toBeUndefined();
	await sessions.close(token);
	expect(await sessions.find(token)).toBeUndefined();
});
