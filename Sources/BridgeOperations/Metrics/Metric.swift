/// One metric of the page for Prometheus: its name, what it says, and how it is read from a report.
struct Metric: Sendable {
    /// How its values behave.
    enum Kind: String, Sendable {
        /// Only grows while the process lives.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// One value. There are no other labels than these two, so that nothing that comes from outside makes series.
    struct Sample: Hashable, Sendable {
        var tenant: String?
        /// Of a fixed set.
        var cause: String?
        var value: Double
    }

    /// With the program's prefix, and the unit and `total` at its end, as Prometheus has it.
    let name: String
    let kind: Kind
    /// What it says, and what to do about it.
    let help: String
    let samples: @Sendable (HealthReport) -> [Sample]

    /// A metric of the whole instance.
    init(_ name: String, _ kind: Kind, _ help: String, of value: @escaping @Sendable (HealthReport) -> Double) {
        self.init(name, kind, help, samples: { [Sample(value: value($0))] })
    }

    /// A metric of each tenant; of those without a value there is no sample.
    init(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        perTenant value: @escaping @Sendable (TenantHealth) -> Double?
    ) {
        self.init(name, kind, help) { report in
            report.tenants.compactMap { tenant in
                value(tenant).map { Sample(tenant: tenant.name, value: $0) }
            }
        }
    }

    /// A metric of each tenant and each cause of a gap, also of those that have not happened: the first one is to be seen as an increase.
    init(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        perCause value: @escaping @Sendable (GapHealth) -> Double
    ) {
        self.init(name, kind, help) { report in
            report.tenants.flatMap { tenant in
                Set(tenant.gaps.keys).union(GapHealth.causes).sorted().map { cause in
                    Sample(tenant: tenant.name, cause: cause, value: value(tenant.gaps[cause] ?? GapHealth()))
                }
            }
        }
    }

    private init(_ name: String, _ kind: Kind, _ help: String, samples: @escaping @Sendable (HealthReport) -> [Sample])
    {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}
