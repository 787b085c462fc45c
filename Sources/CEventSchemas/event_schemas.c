#include "CEventSchemas.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char document[] = {
#embed "event-schemas.json"
};

const unsigned char *event_schemas_bytes(void) { return document; }

size_t event_schemas_count(void) { return sizeof document; }
