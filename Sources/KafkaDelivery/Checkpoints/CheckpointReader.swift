internal import BridgeCore
internal import Logging
internal import RDKafka

/// Reads the checkpoint topic: to its end at the start, then on.
struct CheckpointReader {
    private let consumer: KafkaConsumer
    private let logger: Logger

    /// What a reader found at its start.
    struct Opened {
        var reader: CheckpointReader
        var table: CheckpointTable
        /// There is no topic, and none was to be created.
        var isTopicMissing: Bool
    }

    /// Makes sure of the topic, or only looks for it, unless it `isChecked`, and reads all of it. Ends soon when the task is cancelled.
    static func open(
        _ settings: KafkaCheckpointSettings,
        creatingTopic: Bool,
        clock: any BridgeClock,
        logger: Logger,
        isChecked: Bool = false
    ) async throws(CheckpointStoreError) -> Opened {
        let topic = CheckpointTopic(name: settings.topic)
        let consumer: KafkaConsumer
        let partitions: [Int32]
        do {
            let admin = try KafkaAdmin(configuration: settings.properties)
            do throws(CheckpointStoreError) {
                partitions = try await topic.partitions(
                    admin,
                    creating: creatingTopic,
                    timeout: settings.startTimeout,
                    clock: clock,
                    logger: logger,
                    isChecked: isChecked
                )
            } catch {
                await admin.close()
                throw error
            }
            await admin.close()
            consumer = try KafkaConsumer(configuration: Self.properties(settings.properties), topics: [settings.topic])
        } catch let error as CheckpointStoreError {
            throw error
        } catch {
            throw CheckpointStoreError(kind: .unavailable, description: "kafka.properties: \(error)")
        }
        let reader = CheckpointReader(consumer: consumer, logger: logger)
        do throws(CheckpointStoreError) {
            let table = try await reader.readToEnd(topic, partitions: partitions, settings, clock: clock)
            return Opened(reader: reader, table: table, isTopicMissing: partitions.isEmpty)
        } catch {
            await consumer.close()
            throw error
        }
    }

    private func readToEnd(
        _ topic: CheckpointTopic,
        partitions: [Int32],
        _ settings: KafkaCheckpointSettings,
        clock: any BridgeClock
    ) async throws(CheckpointStoreError) -> CheckpointTable {
        var table = CheckpointTable(tenants: settings.tenants)
        var unread = try await self.ends(topic, partitions: partitions, settings, clock: clock)
        var lastError = "no broker answered"
        let deadline = clock.now.advanced(by: settings.startTimeout)
        while !unread.isEmpty {
            guard clock.now < deadline, !Task.isCancelled else {
                throw topic.failure(
                    "could not be read to its end (\(lastError)): check kafka.properties and the brokers"
                )
            }
            let batch: KafkaConsumedBatch
            do {
                batch = try await self.consumer.next(max: 10_000, timeout: .milliseconds(500))
            } catch {
                throw topic.failure("cannot be read (\(error))")
            }
            for record in batch.records { table.read(key: record.key, value: record.value) }
            for event in batch.events {
                switch event {
                case .endOfPartition(let partition, let nextOffset):
                    // The end for read_committed lies in front of the oldest open transaction, of whomever: ours may be behind it.
                    if nextOffset >= unread[partition.partition] ?? 0 { unread[partition.partition] = nil }
                case .error(let error, _):
                    lastError = "\(error)"
                    if error.action == .configuration || error.code == .topicAuthorizationFailed {
                        throw topic.failure("cannot be read (\(error)): allow this user to read it, or name another")
                    }
                // A compacted topic has holes.
                case .gap, .partitionFound: break
                }
            }
            if table.isOverfull {
                throw topic.failure(
                    "holds more than \(CheckpointTable.bytesMax >> 20) MiB for this instance's tenants: "
                        + "it is no topic of checkpoints, or needs more shares"
                )
            }
        }
        return table
    }

    /// Where each partition ends now, open transactions included.
    private func ends(
        _ topic: CheckpointTopic,
        partitions: [Int32],
        _ settings: KafkaCheckpointSettings,
        clock: any BridgeClock
    ) async throws(CheckpointStoreError) -> [Int32: Int64] {
        let deadline = clock.now.advanced(by: settings.startTimeout)
        var properties = Self.properties(settings.properties)
        properties["isolation.level"] = "read_uncommitted"
        do throws(KafkaError) {
            let consumer = try KafkaConsumer(configuration: properties, topics: [])
            do throws(KafkaError) {
                var ends: [Int32: Int64] = [:]
                for partition in partitions {
                    ends[partition] = try await CheckpointTopic.patiently(
                        until: deadline,
                        clock,
                        CheckpointTopic.callTimeout
                    ) { (timeout) throws(KafkaError) in
                        try await consumer.watermarks(topic: settings.topic, partition: partition, timeout: timeout)
                    }.high
                }
                await consumer.close()
                return ends
            } catch {
                await consumer.close()
                throw error
            }
        } catch {
            throw topic.failure("could not be asked for its end (\(error)): check kafka.properties and the brokers")
        }
    }

    /// Hands over what is written from now on, until cancelled.
    func follow(_ take: @Sendable ([KafkaConsumedRecord]) -> Void) async {
        while !Task.isCancelled {
            do {
                let batch = try await self.consumer.next(max: 10_000, timeout: .milliseconds(200))
                take(batch.records)
                for case .error(let error, _) in batch.events {
                    self.logger.debug("checkpoint topic: \(error)")
                }
            } catch {
                return self.logger.debug("the checkpoint topic is not followed any more: \(error)")
            }
        }
    }

    func close() async { await self.consumer.close() }

    /// A consumer's properties out of a producer's: what only a producer has is left out, for librdkafka would warn of each.
    private static func properties(_ producer: KafkaConfiguration) -> KafkaConfiguration {
        var result = producer
        for name in Self.producerOnly { result[name] = nil }
        result["isolation.level"] = "read_committed"
        result["auto.offset.reset"] = "earliest"
        result["enable.partition.eof"] = "true"
        result["allow.auto.create.topics"] = "false"
        result["fetch.wait.max.ms"] = "100"
        // A few small records at a time: not what a consumer of events holds.
        result["queued.max.messages.kbytes"] = "16384"
        return result
    }

    private static let producerOnly = [
        "enable.idempotence", "acks", "message.timeout.ms", "linger.ms", "partitioner", "queue.buffering.max.messages",
        "queue.buffering.max.kbytes", "compression.type", "compression.codec", "batch.size", "batch.num.messages",
        "transactional.id", "transaction.timeout.ms", "compression.level", "message.send.max.retries", "retries",
        "request.required.acks",
        "request.timeout.ms", "delivery.timeout.ms", "queue.buffering.max.ms", "max.in.flight",
    ]
}
