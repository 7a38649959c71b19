import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { Secret } from "../../contract/secret.ts";
import type { StorageCommit, StorageEntry, StorageKey } from "../../contract/storage.ts";
import type { Printable } from "./printable.ts";

/** Records an operation while it runs. */
export type Operation = <Answer>(
	name: string,
	asked: string,
	run: () => Promise<Answer>,
	describe: (answer: Answer) => string,
) => Promise<Answer>;

/**
 * The ports of a host. Each call is recorded.
 *
 * @param hide takes each secret that the plugin reads.
 */
export function recordedHost(
	host: HelpdeskHost,
	printable: Printable,
	operation: Operation,
	hide: (found: Secret | undefined) => void,
): HelpdeskHost {
	return {
		...host,
		storage: recordedStorage(host.storage, printable, operation),
		http: recordedHttp(host.http, printable, operation),
		secrets: recordedSecrets(host.secrets, operation, hide),
		users: recordedUsers(host.users, printable, operation),
		mail: {
			send: (message) =>
				operation(
					"mail.send",
					"",
					() => host.mail.send(message),
					() => "taken",
				),
		},
	};
}

function recordedStorage(
	storage: HelpdeskHost["storage"],
	printable: Printable,
	operation: Operation,
): HelpdeskHost["storage"] {
	const key = (parts: StorageKey): string => parts.map((part) => printable.part(part)).join(" / ");
	const entry = (found: StorageEntry | undefined): string =>
		found === undefined ? "nothing" : printable.value(found.value);
	const linesOf = ({ checks = [], sets = [], deletes = [] }: StorageCommit): string[] => [
		...checks.map(
			(check) => `if ${key(check.key)} ${check.version === null ? "is not there" : "is as read"}`,
		),
		...sets.map((set) => `set ${key(set.key)} = ${printable.value(set.value)}`),
		...deletes.map((each) => `delete ${key(each)}`),
	];
	return {
		get: (at) => operation("storage.get", key(at), () => storage.get(at), entry),
		take: (at) => operation("storage.take", key(at), () => storage.take(at), entry),
		commit: (commit) =>
			operation(
				"storage.commit",
				linesOf(commit).join("\n"),
				() => storage.commit(commit),
				(done) => (done ? "done" : "not done: a check failed"),
			),
		list: (prefix, options) =>
			operation(
				"storage.list",
				key(prefix),
				() => storage.list(prefix, options),
				({ entries, cursor }) =>
					[
						`${entries.length} found${cursor === undefined ? "" : ", and more"}`,
						...entries.map((each) => `${key(each.key)} = ${printable.value(each.value)}`),
					].join("\n"),
			),
	};
}

function recordedHttp(
	http: HelpdeskHost["http"],
	printable: Printable,
	operation: Operation,
): HelpdeskHost["http"] {
	return {
		originOf: (name) => http.originOf(name),
		send: (request) =>
			operation(
				"http.send",
				`${request.method} ${printable.address(request.url)}`,
				() => http.send(request),
				(answer) =>
					answer.kind === "answer" ? `status ${answer.status}` : `no answer: ${answer.reason}`,
			),
	};
}

function recordedSecrets(
	secrets: HelpdeskHost["secrets"],
	operation: Operation,
	hide: (found: Secret | undefined) => void,
): HelpdeskHost["secrets"] {
	return {
		get: async (brandId, name) => {
			const read = () => secrets.get(brandId, name);
			const isThere = (found: Secret | undefined) => (found === undefined ? "none" : "found");
			const found = await operation("secrets.get", name, read, isThere);
			hide(found);
			return found;
		},
		has: (brandId, name) =>
			operation("secrets.has", name, () => secrets.has(brandId, name), String),
	};
}

function recordedUsers(
	users: HelpdeskHost["users"],
	printable: Printable,
	operation: Operation,
): HelpdeskHost["users"] {
	return {
		ownerOf: (brandId, email) =>
			operation(
				"users.ownerOf",
				"",
				() => users.ownerOf(brandId, email),
				({ kind }) => kind,
			),
		find: (userId) =>
			operation(
				"users.find",
				printable.part(userId),
				() => users.find(userId),
				(user) => user?.status ?? "nobody",
			),
		create: (key, user) =>
			operation(
				"users.create",
				"",
				() => users.create(key, user),
				({ kind }) => kind,
			),
		confirm: (userId) =>
			operation(
				"users.confirm",
				printable.part(userId),
				() => users.confirm(userId),
				() => "done",
			),
	};
}
