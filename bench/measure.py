"""measure.js for a handler in Python."""
import importlib
import json
import os
import sys
import time

plan = json.loads(sys.argv[1])
with open(os.path.join(os.path.dirname(__file__), 'event.json')) as file:
    template = json.load(file)
users = 0


def next_event():
    global users
    users += 1
    attributes = {**template['request']['userAttributes'], 'sub': f'{os.getpid()}-{users}'}
    return {**template, 'request': {'userAttributes': attributes}}


def milliseconds_since(started_at):
    return (time.perf_counter_ns() - started_at) / 1e6


[handler_file] = plan['handlers']
sys.path.insert(0, os.path.dirname(handler_file))
module_name = os.path.splitext(os.path.basename(handler_file))[0]

event = next_event()
started_at = time.perf_counter_ns()
handler = importlib.import_module(module_name).lambda_handler
handler(event, None)
cold_ms = milliseconds_since(started_at)

warm_ms = []
for round in range(plan['warmUp'] + plan['rounds']):
    event = next_event()
    started_at = time.perf_counter_ns()
    handler(event, None)
    elapsed_ms = milliseconds_since(started_at)
    if round >= plan['warmUp']:
        warm_ms.append(elapsed_ms)

os.write(3, json.dumps({'coldMs': [cold_ms], 'warmMs': [warm_ms]}).encode())
