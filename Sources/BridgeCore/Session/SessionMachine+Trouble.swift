// What follows when there is no socket: the attempt failed, or the socket has ended, and no other one takes its place.

extension SessionMachine {
    mutating func respond(
        to trouble: SessionTrouble,
        of attempt: SessionAttempt,
        wasHealthy: Bool,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        switch trouble {
        case .unauthorized(let reason):
            return self.tokenRefused(attempt)
                + self.backOff(
                    self.backoff.nextDelay(random: &random),
                    reason: reason,
                    tokenNewerThan: attempt.tokenSerial,
                    now: now
                )
        case .forbidden(let reason):
            self.forbiddenCount += 1
            guard self.forbiddenCount > 1 else {
                let delay = self.backoff.nextDelay(random: &random)
                return self.tokenRefused(attempt)
                    + self.backOff(delay, reason: reason, tokenNewerThan: attempt.tokenSerial, now: now)
            }
            return self.backOff(self.refusals.nextDelay(random: &random), reason: reason, now: now)
        case .tokenExpired:
            self.unhealthyExpiries = wasHealthy ? 0 : self.unhealthyExpiries + 1
            let delay =
                self.unhealthyExpiries > 1
                ? self.backoff.nextDelay(random: &random) : self.jitter(random: &random)
            return self.tokenRefused(attempt)
                + self.backOff(delay, reason: trouble.reason, tokenNewerThan: attempt.tokenSerial, now: now)
        case .throttled(let seconds, let reason):
            // The gate holds everybody back; the pause is for a server that says it again and again.
            return [.holdOffHost(retryAfterSeconds: seconds)]
                + self.backOff(self.jitter(random: &random), reason: reason, now: now)
        case .subscriptionsRejected(let reason):
            return self.subscriptionsRejected(reason, of: attempt, now: now, random: &random)
        case .positionLost(let reason):
            return self.positionLost(reason, now: now, random: &random)
        case .lost(let reason):
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        }
    }

    /// What a socket that was given up says of the host holds for everybody (S3.4).
    func told(by trouble: SessionTrouble) -> [SessionAction] {
        guard case .throttled(let seconds, _) = trouble else { return [] }
        return [.holdOffHost(retryAfterSeconds: seconds)]
    }

    func tokenRefused(_ attempt: SessionAttempt) -> [SessionAction] {
        attempt.tokenSerial.map { [.markTokenBad(serial: $0)] } ?? []
    }

    /// A pause that only keeps a crowd apart.
    func jitter(random: inout some RandomNumberGenerator) -> Duration {
        .nanoseconds(Int64.random(in: 0..<max(1, self.policy.backoff.base.wholeNanoseconds), using: &random))
    }

    /// S5.1: the pre-flight tells which; where it cannot, probes do.
    private mutating func subscriptionsRejected(
        _ reason: String,
        of attempt: SessionAttempt,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        let isProbe = attempt.isProbe
        let bad = self.registry.rejected(
            attempt.topics,
            isProbe: isProbe,
            reason: reason,
            position: self.resumePosition,
            now: now
        )
        self.notePruned(bad, now: now)
        // A probe's answer is progress; a refused list may be refused for ever.
        let delay = isProbe ? self.jitter(random: &random) : self.backoff.nextDelay(random: &random)
        return self.backOff(delay, reason: reason, now: now)
    }

    /// S4.10: never silent.
    private mutating func positionLost(
        _ reason: String,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        guard let position = self.resumePosition else {
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        }
        switch self.policy.onPositionLost {
        case .continue:
            self.pendingGaps.append(
                StreamGap(cause: .positionLost, from: position, certainty: .possible, resolution: .unrecoverable)
            )
            self.resumePosition = nil
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        case .fail:
            return self.park(
                "the server no longer has the position (\(reason)), and onPositionLost is 'fail': events behind it may be "
                    + "lost; set it to 'continue' to record the gap and start at the server's present"
            )
        }
    }
}
