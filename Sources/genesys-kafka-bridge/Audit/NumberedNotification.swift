/// An event of the public notification service, as an audit knows it again: its topic, and the number that the simulator writes into its body.
struct NumberedNotification: Hashable {
    /// `topicName`.
    var topic: String
    /// Its number among the events of its topic.
    var number: Int

    /// A topic and a number.
    init(topic: String, number: Int) {
        self.topic = topic
        self.number = number
    }
}
