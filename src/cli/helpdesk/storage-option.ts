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

/** The storage of a helpdesk that is given none. */
export function defaultStorage(data: string): string {
	return `sqlite:${data}/helpdesk.sqlite`;
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

function readSqlite(rest: string, place: string): StorageOption {
	const [, path = "", query] = /^([^?]+)(?:\?(.*))?$/s.exec(rest) ?? [];
	const [, synchronous] = /^synchronous=(normal|full)$/.exec(query ?? "synchronous=normal") ?? [];
	if (path === "" || (synchronous !== "normal" && synchronous !== "full")) {
		throw new CommandError(`${place} sqlite:PATH allows only ?synchronous=full after the path`);
	}
	return { kind: "sqlite", path, synchronous };
}
