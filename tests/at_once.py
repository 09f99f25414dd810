"""Several acts that set off at the same moment, on a database that commits (`cloned_database`)."""

import threading

from django.db import connections


def at_once(*acts):
    """Run them in threads that set off together; what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            results[place] = act()
        except Exception as failure:  # noqa: BLE001 - whatever it raised is what the test looks at
            results[place] = failure
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
