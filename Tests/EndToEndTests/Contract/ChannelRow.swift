/// A row of the README's table of what happens when something goes wrong with channels: what the tests are called that are behind it.
struct ChannelRow {
    /// The row's first cell.
    var what: String
    /// The causes of gap records that it names.
    var causes: [String] = []
    /// Test names, as they stand in the sources.
    var tests: [String]

    /// In the table's order.
    static let all = [
        ChannelRow(
            what: "a channel's socket is closed or lost, unannounced",
            causes: ["disconnect"],
            tests: [
                "shows a lost socket as a reconnect and a gap, and an eviction with how often there was one (C5, C6)",
                "what is missing around lost sockets, channels and evictions is within gap records (C1, C5, C6)",
                "with two channels for each topic set the unplanned loss of one loses nothing and writes no gap (C8)",
                "a loss is dialled again on the same URI, twice at most, then checked, then made anew (C5)",
                "the time between is a gap from the last proof to the next sign of life (C1, C5)",
            ]
        ),
        ChannelRow(
            what: "a close is announced, or a channel or its token is about to end",
            causes: ["rollover"],
            tests: [
                "an announced close shows as a reconnect and as copies, and the tenant stays ready (C4)",
                "announced closes lose and double nothing, and no gap record is written of them (C4)",
                "of channels follows each before it ends, and loses, repeats and records nothing by that (C4)",
                "before the channel ends another is live, both are read until the old one has caught up, and there is no gap (C4)",
                "a new token brings a follower with it, and a token that ends one that is newer (C4)",
                "an old socket that does not catch up is closed at last, and that is a gap (C1, C4)",
            ]
        ),
        ChannelRow(
            what: "somebody else takes the channel, or its place among those of the OAuth client",
            causes: ["eviction"],
            tests: [
                "shows a lost socket as a reconnect and a gap, and an eviction with how often there was one (C5, C6)",
                "an eviction makes a new channel after a growing pause, not more than so often an hour, and readiness says so (C6)",
            ]
        ),
        ChannelRow(
            what: "the token is revoked",
            causes: ["disconnect"],
            tests: [
                "a revoked token is followed by another one and another channel; what was missed meanwhile is a gap (C4, C5)",
                "a revoked token is told, and the follower has another (C4)",
            ]
        ),
        ChannelRow(
            what: "the platform API throttles (429), fails or does not answer, or something else answers in its place",
            causes: ["disconnect"],
            tests: [
                "calls that are throttled are made later; one that is refused is shown, and not made again soon (C9)",
                "a call that something else answers in the platform's place is made again soon (C9)",
                "what is not the API's own answer is no refusal: the call is made again after a pause that grows (C9)",
                "429 holds the next attempt back for as long as the server asks, 5xx for a growing pause (C9)",
                "the follower's trouble leaves the living socket alone, and it tries again (C4)",
                "in a week of closes, stalls, evictions, kills, slow disks and REST trouble whatever is missing lies in a gap (C1, C5, C6, C9)",
                "of channels with chaos delivers every event, but for those that came to be within a gap record (C1)",
            ]
        ),
        ChannelRow(
            what: "the platform API refuses (400, 403), or every topic",
            causes: ["disconnect", "unsubscribed"],
            tests: [
                "calls that are throttled are made later; one that is refused is shown, and not made again soon (C9)",
                "400 and 403 are not tried again before refusedInterval, and readiness says why (C9)",
                "where every topic is rejected no socket is opened (C9)",
            ]
        ),
        ChannelRow(
            what: "the server rejects a topic",
            causes: ["unsubscribed"],
            tests: [
                "a topic that the server rejects is shown as left out, with a gap, and the others come (C1)",
                "a rejected topic is told, is a gap, and is asked for again; the others go on (C1, C5)",
            ]
        ),
        ChannelRow(
            what: "a queue or user appears or is deleted",
            causes: ["unsubscribed"],
            tests: [
                "queues and users that appear are subscribed beside the living socket, those that go are not any more, and what is missing is within gap records (C1, C10)",
                "a resource that a list brings may have been there since the last list began, a failed one aside (C1, C10)",
            ]
        ),
        ChannelRow(
            what: "the server is silent",
            causes: ["disconnect"],
            tests: [
                "a silent server is noticed, and all of the silence is in the gap (C1, C5)",
                "a socket that is silent for 35 s is closed and dialled again; while it is held back it is not (C5, C11)",
                "a heartbeat that is read late does not move the gap's start (C1)",
            ]
        ),
        ChannelRow(
            what: "the server leaves a ping unanswered, and the socket goes on",
            causes: ["disconnect"],
            tests: [
                "what a server drops on a socket that goes on is within the gap record of the answer that is missing (C1)",
                "what it sent since the last answer may be missing: another channel follows, and the time is a gap (C1, C4)",
                "an answer that comes late proves all the same: no gap, and the follower follows as any other (C1, C4)",
                "a server that answers the first ping of each socket alone is followed no more than so often an hour (C6)",
            ]
        ),
        ChannelRow(
            what: "a message that cannot be read",
            causes: ["poison"],
            tests: [
                "what cannot be read goes to the dead letters at once, is counted and a gap, and reading goes on (C1)",
                "a message that cannot be read is a certain gap; dropped ones are one gap from the first to the last (C1, C2)",
            ]
        ),
        ChannelRow(
            what: "Kafka is away",
            tests: [
                "an outage of Kafka is carried by the spool: nothing is lost, repeated or a gap (C2)",
                "a stream that is not answered says so in its log and its state, and that it is answered again (no-dead-wait)",
            ]
        ),
        ChannelRow(
            what: "Kafka is away until the spool is full",
            causes: ["spool-full", "disconnect"],
            tests: [
                "a full spool is said, and what it drops is counted and a gap (C2)",
                "a full spool that blocks is said, and what the server closes then is a gap (C2)",
                "full: dropped events are accounted for by gap records in their place, and the bound holds (no-silent-loss)",
                "full with block: the appender waits, goes on when something is deleted, and can be cancelled",
            ]
        ),
        ChannelRow(
            what: "the process is killed, or stopped and started",
            causes: ["restart"],
            tests: [
                "killed at any crash point of its spool, the bridge loses nothing that it received: what is missing is in the gap of its restart (C1, C2)",
                "calls that are throttled are made later; one that is refused is shown, and not made again soon (C9)",
                "what Kafka did not take from a spool in memory lies in the gap of the next process (C1, C2)",
            ]
        ),
        ChannelRow(
            what: "there is no spool yet",
            causes: ["missing-checkpoint"],
            tests: [
                "after losses and a kill it finds nothing lost, names the gaps by cause with their time, and says what cannot be known (C1)",
                "A start is a gap since the last durable moment, or since nobody knows when (C1)",
            ]
        ),
    ]
}
