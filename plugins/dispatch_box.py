"""Entry point for Datasette, which loads every file of its plugins folder: register the modules of web/ with hooks."""

from datasette.plugins import pm

from web.plugin import load_modules

for name, module in load_modules():
    if not pm.has_plugin(name):
        pm.register(module, name)
