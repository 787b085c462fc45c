#ifndef CRDKAFKA_SHIM_H
#define CRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

/* A run of bytes that somebody else owns; `start` is NULL where there is nothing. */
typedef struct crk_bytes {
    const void *start;
    size_t length;
} crk_bytes_t;

/* Ranges that a record's own headers point to. */
typedef struct crk_slots {
    crk_bytes_t slot0, slot1, slot2, slot3;
} crk_slots_t;

/* One header of a template: a constant, or (slot >= 0) the record's own bytes. */
typedef struct crk_header {
    const char *name;
    ssize_t name_length;
    crk_bytes_t constant;
    int slot;
} crk_header_t;

/* rd_kafka_producev is variadic, which Swift cannot call. The value is not copied: it must outlive the delivery report.
 * A header whose slot is NULL is left out. */
static inline rd_kafka_resp_err_t crk_produce(rd_kafka_t *rk, rd_kafka_topic_t *topic, crk_bytes_t key,
                                              crk_bytes_t value, int64_t timestamp, const crk_header_t *headers,
                                              size_t header_count, const crk_slots_t *slots, void *opaque) {
    if (header_count == 0)
        return rd_kafka_producev(rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(RD_KAFKA_PARTITION_UA),
                                 RD_KAFKA_V_KEY(key.start, key.length),
                                 RD_KAFKA_V_VALUE((void *)value.start, value.length),
                                 RD_KAFKA_V_TIMESTAMP(timestamp), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);

    const crk_bytes_t *const slot_of[4] = {&slots->slot0, &slots->slot1, &slots->slot2, &slots->slot3};
    rd_kafka_headers_t *list = rd_kafka_headers_new(header_count);
    for (size_t i = 0; i < header_count; i++) {
        const crk_bytes_t *bytes = headers[i].slot < 0 ? &headers[i].constant : slot_of[headers[i].slot];
        if (bytes->start)
            rd_kafka_header_add(list, headers[i].name, headers[i].name_length, bytes->start, (ssize_t)bytes->length);
    }
    rd_kafka_resp_err_t err =
        rd_kafka_producev(rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(RD_KAFKA_PARTITION_UA),
                          RD_KAFKA_V_KEY(key.start, key.length), RD_KAFKA_V_VALUE((void *)value.start, value.length),
                          RD_KAFKA_V_TIMESTAMP(timestamp), RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_OPAQUE(opaque),
                          RD_KAFKA_V_END);
    if (err)
        rd_kafka_headers_destroy(list); /* ownership moves only on success */
    return err;
}

/* The next request of a kind at one broker of a mock cluster fails. Variadic upstream. */
static inline rd_kafka_resp_err_t crk_mock_push_request_error(rd_kafka_mock_cluster_t *cluster, int32_t broker,
                                                              int16_t api_key, rd_kafka_resp_err_t error) {
    return rd_kafka_mock_broker_push_request_error_rtts(cluster, broker, api_key, 1, error, 0);
}

#endif
