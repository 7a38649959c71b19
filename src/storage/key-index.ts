interface Below {
	readonly keys: Set<string>;
	/** Sorted keys, kept until a key is added or deleted. */
	sorted: readonly string[] | undefined;
}

/** Encoded keys by all their prefixes. The cost of a list depends on its length, not on other keys. */
export class KeyIndex {
	private readonly prefixes = new Map<string, Below>();

	add(key: string): void {
		for (const prefix of prefixesOf(key)) {
			const below = this.prefixes.get(prefix);
			if (below === undefined) {
				this.prefixes.set(prefix, { keys: new Set([key]), sorted: undefined });
			} else {
				below.keys.add(key);
				below.sorted = undefined;
			}
		}
	}

	delete(key: string): void {
		for (const prefix of prefixesOf(key)) {
			const below = this.prefixes.get(prefix);
			if (below?.keys.delete(key)) {
				below.sorted = undefined;
			}
			if (below?.keys.size === 0) {
				this.prefixes.delete(prefix);
			}
		}
	}

	/** The keys that start with the prefix and are longer, from the first one after `after`. */
	*below(prefix: string, after: string): Generator<string, void> {
		const below = this.prefixes.get(prefix);
		if (below === undefined) {
			return;
		}
		below.sorted ??= [...below.keys].sort();
		const { sorted } = below;
		for (let index = firstAfter(sorted, after); index < sorted.length; index += 1) {
			yield sorted[index] ?? "";
		}
	}
}

/** `a/b/c/` is below the empty prefix, `a/` and `a/b/`. */
function prefixesOf(key: string): string[] {
	const prefixes: string[] = [];
	for (let end = 0; end < key.length; end = key.indexOf("/", end) + 1) {
		prefixes.push(key.slice(0, end));
	}
	return prefixes;
}

function firstAfter(sorted: readonly string[], after: string): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] ?? "") <= after) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}
