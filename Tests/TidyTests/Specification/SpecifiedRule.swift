/// A rule that the product keeps: a row of a dialect's specification, or an invariant of delivery.
struct SpecifiedRule: Hashable {
    /// `S4.8`, `C4`, or an invariant's name.
    var name: String
    var summary: String

    init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }

    /// The dialect of the notification stream, row by row.
    static let rows: [SpecifiedRule] = [
        SpecifiedRule("S1.1", "HTTP/1.1 upgrade; TLS 1.2 or newer, verified; extra CA, client certificate, proxy"),
        SpecifiedRule("S1.2", "query parameters, one for each subscription, every value percent-encoded"),
        SpecifiedRule("S1.3", "a subscription's JSON; filters left out where there are none"),
        SpecifiedRule("S1.4", "token by OAuth 2 client credentials"),
        SpecifiedRule("S1.5", "one task refreshes the token; reconnecting waits for it; one refresh for many sockets"),
        SpecifiedRule("S1.6", "the token is in no log line, error, metric, trace or crash report"),
        SpecifiedRule("S1.7", "what each HTTP status of a rejected upgrade leads to"),
        SpecifiedRule("S2.1", "a text message is one batch"),
        SpecifiedRule("S2.2", "the position: opaque, sent back as it is, under the name it came from"),
        SpecifiedRule("S2.3", "a batch without events has a position all the same"),
        SpecifiedRule("S2.4", "RFC 8259's grammar, and the events' bytes as they came"),
        SpecifiedRule("S2.5", "a large message goes on in pieces; the last one has the position"),
        SpecifiedRule("S2.6", "fragmented messages: any cut, bounded memory, logged and counted"),
        SpecifiedRule("S2.7", "an unreadable message: asked for again once, then dead-lettered with a gap"),
        SpecifiedRule("S2.8", "events without a name, of another name, without a resource"),
        SpecifiedRule("S2.9", "permessage-deflate is off unless asked for"),
        SpecifiedRule("S3.1", "maxBatchSize and maxLatency in checked ranges, maxLatency below proxyIdleTimeout"),
        SpecifiedRule("S3.2", "a subscription to everything must say that this is meant"),
        SpecifiedRule("S3.3", "a slow Kafka holds the socket back, in bounded memory, for maxStall at most"),
        SpecifiedRule("S3.4", "429 holds the whole host off"),
        SpecifiedRule("S3.5", "subscriptions are a budget; none moves to a socket with another position"),
        SpecifiedRule("S4.1", "exponential backoff with jitter, reset by a healthy connection"),
        SpecifiedRule("S4.2", "one connection rate for each host"),
        SpecifiedRule("S4.3", "the resume position: committed, or received and still held"),
        SpecifiedRule("S4.4", "4001: a new token and a new socket at once"),
        SpecifiedRule("S4.5", "1001, 1012, reset, EOF, TLS error: reconnect with backoff, resume"),
        SpecifiedRule("S4.6", "pings whatever the traffic; three missed pongs close"),
        SpecifiedRule("S4.7", "the application's heartbeat is watched apart from pings"),
        SpecifiedRule("S4.8", "rollover to a new socket before the token expires"),
        SpecifiedRule("S4.9", "what is sent again is recognised by its id"),
        SpecifiedRule("S4.10", "a lost position is a gap, or stops the stream"),
        SpecifiedRule("S5.1", "400 rejects the whole list for one bad entry"),
        SpecifiedRule("S5.2", "the pre-flight: when, and what it asks"),
        SpecifiedRule("S5.3", "invalid ones are pruned, visible, and tried again"),
        SpecifiedRule("S5.4", "bisection where the pre-flight cannot tell"),
        SpecifiedRule("S5.5", "subscriptions follow the resources"),
        SpecifiedRule("S5.6", "all invalid: the tenant is parked, the others go on"),
        SpecifiedRule("S6.1", "TCP keep-alive and user time-out"),
        SpecifiedRule("S6.2", "an intermediary's reset costs a reconnect"),
    ]

    /// The dialect of the notification channels, row by row.
    static let channelRows: [SpecifiedRule] = [
        SpecifiedRule("C1", "no loss after receipt; whenever an event may have been missed is inside a gap record"),
        SpecifiedRule("C2", "what is received is spooled, in bounds, before it counts as received"),
        SpecifiedRule(
            "C3",
            "an id is given once; copies of an overlap are matched as a multiset, never within one channel"
        ),
        SpecifiedRule("C4", "make before break: a planned rollover has no gap"),
        SpecifiedRule("C5", "an unplanned close: the same URI twice at most, a check, a new channel; a gap record"),
        SpecifiedRule("C6", "an eviction: pauses that grow, and so many an hour at most"),
        SpecifiedRule("C7", "topics on channels: stable, within the budget, refused with the arithmetic"),
        SpecifiedRule("C8", "redundancy: the unplanned loss of one of two channels loses nothing"),
        SpecifiedRule("C9", "one budget of REST calls for a token; Retry-After; 400 and 403 are not tried again"),
        SpecifiedRule("C10", "topics follow the queues and users that are there"),
        SpecifiedRule("C11", "every time and limit is a setting with a safe default and a checked range"),
    ]

    /// Those of them that a line of code keeps, so that another line can break them.
    static let channelPromises = channelRows.filter { $0.name != "C11" }

    /// What delivery keeps, whatever happens.
    static let invariants: [SpecifiedRule] = [
        SpecifiedRule("commit-after-ack", "a committed position covers only what is acknowledged"),
        SpecifiedRule("replay-or-acked", "after any crash each event is acknowledged or comes again"),
        SpecifiedRule("order-per-key", "records of one key stay in order"),
        SpecifiedRule("bounded-bytes", "what is held between socket and acknowledgement is bounded"),
        SpecifiedRule("no-dead-wait", "every state waits for a deadline or an operation"),
        SpecifiedRule("bounded-stop", "the end drains and commits within its budget"),
        SpecifiedRule("position-monotonic", "a committed position never moves back"),
        SpecifiedRule("one-owner", "one instance at most commits for a tenant"),
        SpecifiedRule("no-silent-loss", "what cannot be delivered is a dead letter or a gap"),
        SpecifiedRule("exactly-once", "with that guarantee, readers of what is committed see each event once"),
    ]
}
