/** The nonces that may not be used again. An assumption: as long as their timestamp is valid. X publishes no period. */
export class UsedNonces {
	private readonly keptUntil = new Map<string, number>();

	/** False if this app has used the nonce before. */
	use(apiKey: string, nonce: string, now: number, keepUntil: number): boolean {
		this.forgetOld(now);
		const key = JSON.stringify([apiKey, nonce]);
		if (this.keptUntil.has(key)) {
			return false;
		}
		this.keptUntil.set(key, keepUntil);
		return true;
	}

	private forgetOld(now: number): void {
		for (const [key, until] of this.keptUntil) {
			if (until < now) {
				this.keptUntil.delete(key);
			}
		}
	}
}
