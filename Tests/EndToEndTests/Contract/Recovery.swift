/// How long the contract says it takes from the fault to the first event in Kafka that was made behind it, in terms of settings.
enum Recovery: Hashable {
    case noPause
    case pause
    case twoPauses
    case pauses
    case turn
    case bisection
    case silence
    case connectTimeout
    case newToken
    case tokenRetry
    case tokenTimeout
    case preflight
    case holdOff
    case revalidation
    case synchronisation
    case refusal
    case replacement
    case kafkaReturn
    case stalled
    case restart
    case person

    /// As the tables have it.
    var text: String {
        switch self {
        case .noPause: "no pause"
        case .pause: "a pause"
        case .twoPauses: "two pauses"
        case .pauses: "a pause for each restart that is met"
        case .turn: "a pause, and the turn at `connection.attemptsPerSecond`"
        case .bisection: "a short socket for each half that is tried"
        case .silence: "`maxLatency`, `connection.heartbeatGrace` and a pause"
        case .connectTimeout: "`connection.connectTimeout` and two pauses"
        case .newToken: "a new token and a pause"
        case .tokenRetry: "2 s, a new token and a pause"
        case .tokenTimeout: "`connection.connectTimeout`, 2 s, a new token and a pause"
        case .preflight: "`connection.connectTimeout` and a pause"
        case .holdOff: "the hold-off and a pause"
        case .revalidation: "`connection.revalidateInterval` and a new socket"
        case .synchronisation: "`connection.syncInterval` and a new socket"
        case .refusal: "a pause of `delivery.refusedBackoff`, once the cause is mended"
        case .replacement: "a new producer and a pause of `delivery.refusedBackoff`"
        case .kafkaReturn: "librdkafka's next try, once Kafka is back"
        case .stalled: "librdkafka's next try and a pause, once Kafka is back"
        case .restart: "a start of the process"
        case .person: "when a person has decided and started it again"
        }
    }

    /// What the words stand for with the settings of ``ContractScene``, without what a busy machine adds; nil: it is not measured. A message
    /// comes within 100 ms, and up to three are waited for; so long again it takes to Kafka and the audit.
    var limit: Duration? {
        switch self {
        case .noPause: .milliseconds(300)
        case .pause: .milliseconds(600)
        case .twoPauses: .milliseconds(1_000)
        case .pauses: .milliseconds(1_800)
        case .turn: .milliseconds(2_600)
        case .bisection: .milliseconds(3_000)
        case .silence: .milliseconds(1_700)
        case .connectTimeout: .milliseconds(3_000)
        case .newToken: .milliseconds(1_600)
        case .tokenRetry: .milliseconds(2_600)
        case .tokenTimeout: .milliseconds(4_600)
        case .preflight: .milliseconds(2_600)
        case .holdOff: .milliseconds(1_600)
        case .revalidation, .synchronisation: .milliseconds(1_600)
        case .refusal: .milliseconds(600)
        case .replacement: .milliseconds(1_000)
        case .kafkaReturn: .milliseconds(600)
        case .stalled: .milliseconds(2_000)
        case .restart: .milliseconds(1_000)
        case .person: nil
        }
    }

    /// What a machine with other work may add to it. A pause that is one step too long, or a deadline that is not kept, is longer.
    static let allowance = Duration.seconds(2)
}
