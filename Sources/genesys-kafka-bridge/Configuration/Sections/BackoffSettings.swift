/// A backoff section; its defaults differ from place to place.
struct BackoffSettings: Sendable {
    let base: Setting<Duration>
    let cap: Setting<Duration>
    let jitter: Setting<BackoffJitter>

    init(
        base: Duration,
        cap: Duration,
        jitter: BackoffJitter,
        purpose: String,
        capPurpose: String = "where doubling ends"
    ) {
        self.base = Setting(
            "base",
            .duration(.milliseconds(10)...(.seconds(300))),
            default: base,
            "first pause \(purpose); doubles from attempt to attempt"
        )
        self.cap = Setting(
            "cap",
            .duration(.milliseconds(10)...(.seconds(3600))),
            default: cap,
            capPurpose
        )
        self.jitter = Setting(
            "jitter",
            .word(),
            default: jitter,
            "where a pause for step d is drawn from: above [d, 2d), full [0, d)"
        )
    }

    var definitions: [SettingDefinition] {
        [self.base.definition, self.cap.definition, self.jitter.definition]
    }

    func decode(_ reader: MappingReader) -> BackoffConfiguration {
        let backoff = BackoffConfiguration(
            base: reader.value(self.base),
            cap: reader.value(self.cap),
            jitter: reader.value(self.jitter)
        )
        if backoff.base > backoff.cap, !reader.context.hasIssue(at: reader.keyPath("base"), reader.keyPath("cap")) {
            reader.report(
                reader.has("base") ? "base" : "cap",
                "base (\(DurationText.format(backoff.base))) is above cap (\(DurationText.format(backoff.cap)))",
                "lower base or raise cap"
            )
        }
        return backoff
    }
}
