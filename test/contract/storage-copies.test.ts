import { expect, test } from "vitest";
import type { StorageCommit, StorageKey } from "../../src/contract/storage.ts";
import { copyOfCommit, movedCommit } from "../../src/contract/storage-copies.ts";

const made = (): Required<StorageCommit> => ({
	checks: [{ key: ["a"], version: "1" }],
	sets: [{ key: ["b"], value: 1, expiresAt: 2 }],
	deletes: [["c"]],
});
const below = (key: StorageKey): StorageKey => ["in", ...key];

test("a commit is copied once, and the storages inside take the copy", () => {
	const caller = made();
	const copy = copyOfCommit(caller);

	expect(copy).not.toBe(caller);
	expect({ ...copy }).toEqual(made());
	expect(copyOfCommit(copy)).toBe(copy);
});

test("a commit with other keys is a copy, too, and leaves the first one alone", () => {
	const copy = copyOfCommit(made());
	const moved = movedCommit(copy, below);

	expect({ ...moved }).toEqual({
		checks: [{ key: ["in", "a"], version: "1" }],
		sets: [{ key: ["in", "b"], value: 1, expiresAt: 2 }],
		deletes: [["in", "c"]],
	});
	expect({ ...movedCommit(made(), below) }).toEqual({ ...moved });
	expect({ ...copy }).toEqual(made());
	expect(copyOfCommit(moved)).toBe(moved);
});

const copied = () => copyOfCommit(made());

test.each<[string, object]>([
	["that inherits from a copy", Object.create(copied())],
	["of a copy's class, made without it", Object.create(Object.getPrototypeOf(copied()))],
	["that is a proxy of a copy", new Proxy(copied(), {})],
	["with the fields of a copy", { ...copied() }],
])("an object %s is copied like any other: its lists may be its own", (_, imitation) => {
	Object.defineProperty(imitation, "sets", { value: { map: () => [] }, configurable: true });

	expect(() => copyOfCommit(imitation)).toThrow(TypeError);
	expect(() => movedCommit(imitation, below)).toThrow(TypeError);
});

test.each(["commit", 1, null, undefined])("%j is no commit", (nothing) => {
	expect(() => copyOfCommit(nothing as unknown as StorageCommit)).toThrow(TypeError);
});
