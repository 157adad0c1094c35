"""Rating a service (服务评价): the scales and reasons as data, for the hub and every place where a rating is given."""
