// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Connectors of a graphics card that has nothing else, for I2C buses that are there already:
//
//     insmod connectors.ko hdmi=1,2 dp=3
//
// cardN-HDMI-A-1 and so on have a `ddc` link to their bus. cardN-DP-1 and so on have a bus of their
// own below them, as DisplayPort's AUX channel is; it passes everything on to the one that is named.
// "echo detect >status" of a connector reads the EDID, or notices that nobody answers.
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/drm_connector.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>

#define NAME "spicykvm-connectors"
#define MOST 8

static int hdmi[MOST], dp[MOST];
static unsigned int hdmi_count, dp_count;
module_param_array(hdmi, int, &hdmi_count, 0444);
MODULE_PARM_DESC(hdmi, "numbers of I2C buses that get an HDMI connector");
module_param_array(dp, int, &dp_count, 0444);
MODULE_PARM_DESC(dp, "numbers of I2C buses that get a DisplayPort connector");

struct port {
	struct drm_connector connector;
	struct i2c_adapter *bus;
	struct i2c_adapter aux; /* of a DisplayPort */
};

struct card {
	struct drm_device drm;
	struct port ports[2 * MOST];
	unsigned int count;
};

static struct platform_device *device;
static struct card *card;

static struct port *port_of(struct drm_connector *connector)
{
	return container_of(connector, struct port, connector);
}

static int aux_transfer(struct i2c_adapter *aux, struct i2c_msg *messages, int count)
{
	struct port *port = aux->algo_data;

	return i2c_transfer(port->bus, messages, count);
}

static u32 aux_functions(struct i2c_adapter *aux)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm aux_algorithm = {
	.master_xfer = aux_transfer,
	.functionality = aux_functions,
};

static int dp_late_register(struct drm_connector *connector)
{
	struct port *port = port_of(connector);

	port->aux.owner = THIS_MODULE;
	port->aux.algo = &aux_algorithm;
	port->aux.algo_data = port;
	port->aux.dev.parent = connector->kdev;
	snprintf(port->aux.name, sizeof(port->aux.name), "AUX %s", connector->name);
	return i2c_add_adapter(&port->aux);
}

static void dp_early_unregister(struct drm_connector *connector)
{
	i2c_del_adapter(&port_of(connector)->aux);
}

static enum drm_connector_status detect(struct drm_connector *connector, bool force)
{
	return drm_probe_ddc(port_of(connector)->bus) ? connector_status_connected :
							connector_status_disconnected;
}

static int get_modes(struct drm_connector *connector)
{
	struct edid *edid = drm_get_edid(connector, port_of(connector)->bus);
	int count;

	drm_connector_update_edid_property(connector, edid);
	count = drm_add_edid_modes(connector, edid);
	kfree(edid);
	return count;
}

static const struct drm_connector_helper_funcs helper_functions = { .get_modes = get_modes };

static const struct drm_connector_funcs hdmi_functions = {
	.detect = detect,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.destroy = drm_connector_cleanup,
};

static const struct drm_connector_funcs dp_functions = {
	.detect = detect,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.destroy = drm_connector_cleanup,
	.late_register = dp_late_register,
	.early_unregister = dp_early_unregister,
};

static const struct drm_mode_config_funcs config_functions = {};
DEFINE_DRM_GEM_FOPS(files);

static const struct drm_driver card_driver = {
	.driver_features = DRIVER_MODESET,
	.fops = &files,
	.name = NAME,
	.desc = "connectors without a card",
	.date = "20260101",
	.major = 1,
};

static int add_port(int bus, bool is_dp)
{
	struct port *port = &card->ports[card->count];
	struct i2c_adapter *adapter = i2c_get_adapter(bus);
	int error;

	if (!adapter)
		return -ENODEV;
	port->bus = adapter;
	card->count++;
	if (is_dp)
		error = drm_connector_init(&card->drm, &port->connector, &dp_functions,
					   DRM_MODE_CONNECTOR_DisplayPort);
	else
		error = drm_connector_init_with_ddc(&card->drm, &port->connector, &hdmi_functions,
						    DRM_MODE_CONNECTOR_HDMIA, adapter);
	if (!error)
		drm_connector_helper_add(&port->connector, &helper_functions);
	return error;
}

static void put_buses(void *unused)
{
	unsigned int i;

	for (i = 0; i < card->count; i++)
		i2c_put_adapter(card->ports[i].bus);
}

static int probe(struct platform_device *parent)
{
	unsigned int i;
	int error;

	card = devm_drm_dev_alloc(&parent->dev, &card_driver, struct card, drm);
	if (IS_ERR(card))
		return PTR_ERR(card);
	error = devm_add_action(&parent->dev, put_buses, NULL);
	if (!error)
		error = drmm_mode_config_init(&card->drm);
	card->drm.mode_config.funcs = &config_functions;
	card->drm.mode_config.max_width = 4096;
	card->drm.mode_config.max_height = 4096;
	for (i = 0; !error && i < hdmi_count; i++)
		error = add_port(hdmi[i], false);
	for (i = 0; !error && i < dp_count; i++)
		error = add_port(dp[i], true);
	return error ? error : drm_dev_register(&card->drm, 0);
}

/* Waits until nobody has the bus of a DisplayPort open any more. */
static int remove(struct platform_device *parent)
{
	drm_dev_unregister(&card->drm);
	return 0;
}

static struct platform_driver platform = {
	.probe = probe,
	.remove = remove,
	.driver = { .name = NAME },
};

static int __init connectors_init(void)
{
	int error = platform_driver_register(&platform);

	if (error)
		return error;
	device = platform_device_register_simple(NAME, PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		platform_driver_unregister(&platform);
	return PTR_ERR_OR_ZERO(device);
}

static void __exit connectors_exit(void)
{
	platform_device_unregister(device);
	platform_driver_unregister(&platform);
}

module_init(connectors_init);
module_exit(connectors_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Connectors for I2C buses, for the tests of spicykvm");
