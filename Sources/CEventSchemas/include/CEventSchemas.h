#ifndef CEVENTSCHEMAS_H
#define CEVENTSCHEMAS_H

#include <stddef.h>

/// The bytes of event-schemas.json, as they are in this folder: in the executable, so that it needs no file beside it.
const unsigned char *event_schemas_bytes(void);

/// How many.
size_t event_schemas_count(void);

#endif
