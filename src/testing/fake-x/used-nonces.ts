/** The nonces that may not be used again. An assumption: as long as their timestamp is valid. X publishes no period. */
export class UsedNonces {
	private readonly keptUntil = new Map<string, number>();
	/** Nothing is old before this time. */
	private oldFrom = Number.POSITIVE_INFINITY;

	/** False if this app has used the nonce before. */
	use(apiKey: string, nonce: string, now: number, keepUntil: number): boolean {
		this.forgetOld(now);
		const key = JSON.stringify([apiKey, nonce]);
		if (this.keptUntil.has(key)) {
			return false;
		}
		this.keptUntil.set(key, keepUntil);
		this.oldFrom = Math.min(this.oldFrom, keepUntil);
		return true;
	}

	private forgetOld(now: number): void {
		if (now <= this.oldFrom) {
			return;
		}
		this.oldFrom = Number.POSITIVE_INFINITY;
		for (const [key, until] of this.keptUntil) {
			if (until < now) {
				this.keptUntil.delete(key);
			} else {
				this.oldFrom = Math.min(this.oldFrom, until);
			}
		}
	}
}
