/** The times of visits of one kind, in milliseconds. */
export interface Latency {
	readonly count: number;
	readonly p50: number;
	readonly p90: number;
	readonly p99: number;
	readonly max: number;
}

/** The latencies and errors of visits, by kind. */
export class VisitLog {
	/** Errors counted by kind and message. */
	readonly errors = new Map<string, number>();
	private readonly times = new Map<string, number[]>();

	/** Never rejects. @param due when the visit should begin, by `performance.now()`. */
	async watch(kind: string, due: number, visit: () => Promise<void>): Promise<void> {
		try {
			await visit();
			const times = this.times.get(kind) ?? [];
			times.push(performance.now() - due);
			this.times.set(kind, times);
		} catch (error) {
			this.fail(kind, messageOf(error));
		}
	}

	fail(kind: string, message: string): void {
		const key = `${kind}: ${message}`;
		this.errors.set(key, (this.errors.get(key) ?? 0) + 1);
	}

	/** The latencies of successful visits only. */
	latencies(): Readonly<Record<string, Latency>> {
		return Object.fromEntries(
			[...this.times].map(([kind, times]) => {
				const sorted = times.sort((a, b) => a - b);
				const rank = (share: number): number =>
					sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
				return [
					kind,
					{ count: times.length, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) },
				];
			}),
		);
	}
}

function messageOf(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const { cause } = error as { readonly cause?: unknown };
	return cause instanceof Error ? `${message} (${cause.message})` : message;
}
