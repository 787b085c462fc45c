/// How long the contract says it takes from the fault to the first event in Kafka that was made behind it, in terms of settings.
enum Recovery: Hashable {
    case noPause
    case jitter
    case pause
    case twoPauses
    case silence
    case connectTimeout
    case newToken
    case tokenRetry
    case tokenTimeout
    case requestRetry
    case holdOff
    case revalidation
    case synchronisation
    case refusal
    case kafkaReturn
    case restart
    case person

    /// As the tables have it.
    var text: String {
        switch self {
        case .noPause: "no pause"
        case .jitter: "less than `backoff.base`"
        case .pause: "one pause of `backoff`"
        case .twoPauses: "two pauses of `backoff`"
        case .silence: "`maxLatency`, `heartbeatGrace` and a pause"
        case .connectTimeout: "`connectTimeout` and two pauses"
        case .newToken: "a new token and a pause"
        case .tokenRetry: "2 s for the token's next try, and a pause"
        case .tokenTimeout: "`connectTimeout`, 2 s for the token's next try, and a pause"
        case .requestRetry: "the request's next tries, and a pause"
        case .holdOff: "the hold-off and a pause"
        case .revalidation: "`revalidateInterval` and a new socket"
        case .synchronisation: "`syncInterval` and a new socket"
        case .refusal: "one pause of `refusedBackoff`"
        case .kafkaReturn: "librdkafka's next try, counted from Kafka's return"
        case .restart: "a start of the process"
        case .person: "a person, and a restart"
        }
    }

    /// What the words stand for with the settings of ``ContractScene``, without what the machine takes; nil: it is not measured.
    var limit: Duration? {
        switch self {
        case .noPause: .milliseconds(100)
        case .jitter: .milliseconds(200)
        case .pause: .milliseconds(300)
        case .twoPauses: .milliseconds(700)
        case .silence: .milliseconds(1_400)
        case .connectTimeout: .milliseconds(2_700)
        case .newToken: .milliseconds(1_300)
        case .tokenRetry: .milliseconds(2_300)
        case .tokenTimeout: .milliseconds(4_300)
        case .requestRetry: .milliseconds(7_000)
        case .holdOff: .milliseconds(1_300)
        case .revalidation, .synchronisation: .milliseconds(1_300)
        case .refusal: .milliseconds(300)
        case .kafkaReturn: .milliseconds(400)
        case .restart: .milliseconds(500)
        case .person: nil
        }
    }

    /// What a machine with other work may add to it. A pause that is one step too long, or a deadline that is not kept, is longer.
    static let allowance = Duration.seconds(4)
}
