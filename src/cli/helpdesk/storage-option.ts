import { CommandError } from "../command-error.ts";

export type StorageOption =
	| { readonly kind: "memory" }
	| { readonly kind: "sqlite"; readonly path: string; readonly synchronous: "normal" | "full" }
	/** The URL may hold a password. */
	| { readonly kind: "postgres" | "redis"; readonly url: string };

/** @throws CommandError when the URL names no storage. It does not repeat the URL, which may hold a password. */
export function readStorageOption(value: string): StorageOption {
	if (value === "memory:") {
		return { kind: "memory" };
	}
	const [, scheme = "", rest = ""] = /^([a-z]+):(.+)$/s.exec(value) ?? [];
	switch (scheme) {
		case "sqlite":
			return readSqlite(rest);
		case "postgres":
		case "postgresql":
			return { kind: "postgres", url: value };
		case "redis":
		case "rediss":
			return { kind: "redis", url: value };
		default:
			throw new CommandError(
				"--storage must be memory:, sqlite:PATH, postgres://HOST/DATABASE or redis://HOST",
			);
	}
}

function readSqlite(rest: string): StorageOption {
	const [, path = "", query] = /^([^?]+)(?:\?(.*))?$/s.exec(rest) ?? [];
	const [, synchronous] = /^synchronous=(normal|full)$/.exec(query ?? "synchronous=normal") ?? [];
	if (path === "" || (synchronous !== "normal" && synchronous !== "full")) {
		throw new CommandError("--storage sqlite:PATH allows only ?synchronous=full after the path");
	}
	return { kind: "sqlite", path, synchronous };
}
