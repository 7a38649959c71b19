import { resolve } from "node:path";
import { CommandError } from "../command-error.ts";
import type { GivenSecret } from "./secret-option.ts";

export type StorageOption =
	| { readonly kind: "memory" }
	| { readonly kind: "sqlite"; readonly path: string; readonly synchronous: "normal" | "full" }
	| {
			readonly kind: "postgres" | "redis";
			/** It may hold a password. */
			readonly url: string;
			/** Where the URL was given, for messages. */
			readonly given: GivenSecret | undefined;
	  };

type SqliteOption = Extract<StorageOption, { readonly kind: "sqlite" }>;

/** The storage of a helpdesk that is given none. @param data a path, in which nothing has another meaning as in a URL. */
export function defaultStorage(data: string): SqliteOption {
	return { kind: "sqlite", path: resolve(data, "helpdesk.sqlite"), synchronous: "normal" };
}

/**
 * @param given where the URL was given, for messages.
 * @throws CommandError when the URL names no storage. It does not repeat the URL, which may hold a password.
 */
export function readStorageOption(value: string, given?: GivenSecret): StorageOption {
	const { place = "--storage" } = given ?? {};
	if (value === "memory:") {
		return { kind: "memory" };
	}
	const [, scheme = "", rest = ""] = /^(sqlite:|[a-z]+:\/\/)(.+)$/s.exec(value) ?? [];
	switch (scheme) {
		case "sqlite:":
			return readSqlite(rest, place);
		case "postgres://":
		case "postgresql://":
			return { kind: "postgres", url: value, given };
		case "redis://":
		case "rediss://":
			return { kind: "redis", url: value, given };
		default:
			throw new CommandError(
				`${place} must be memory:, sqlite:PATH, postgres://HOST/DATABASE or redis://HOST`,
			);
	}
}

function readSqlite(rest: string, place: string): SqliteOption {
	// A question mark in the name of a folder is followed by a slash.
	const mark = rest.indexOf("?", rest.lastIndexOf("/") + 1);
	const path = mark < 0 ? rest : rest.slice(0, mark);
	const query = mark < 0 ? "synchronous=normal" : rest.slice(mark + 1);
	const [, synchronous] = /^synchronous=(normal|full)$/.exec(query) ?? [];
	if (path === "" || (synchronous !== "normal" && synchronous !== "full")) {
		throw new CommandError(`${place} sqlite:PATH allows only ?synchronous=full after the path`);
	}
	// SQLite would read a relative path such as file:x as a URL.
	return { kind: "sqlite", path: resolve(path), synchronous };
}
